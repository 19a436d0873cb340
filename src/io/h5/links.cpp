#include "io/h5/links.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "io/h5/link_value.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {
namespace {

/// Takes the first name off a path; empty at its end.
std::string take_name(std::string& path) {
  for (;;) {
    path.erase(0, path.find_first_not_of('/'));
    std::string name = path.substr(0, path.find('/'));
    path.erase(0, name.size());
    if (name != ".") return name;
  }
}

/// A way through a file, and perhaps others, name by name.
class Way {
 public:
  Way(std::filesystem::path file, std::string path, FollowRule rule)
      : file_(File::open_read(file)),
        file_path_(std::move(file)),
        rest_(std::move(path)),
        rule_(std::move(rule)) {
    begin_at_root();
  }

  Place follow() {
    const std::string start = file_path_.string() + ":" + (rest_.starts_with('/') ? "" : "/") + rest_;
    for (std::string name = take_name(rest_); !name.empty(); name = take_name(rest_)) {
      const LinkValue link = link_value(at_.get(), name, file_path_.string());
      if (!link.exists && links_ > 0)
        throw InputError({start,
                          fmt::format("is a link to {}:{}: there is nothing", file_path_.string(),
                                      path_ + "/" + name + rest_),
                          ""});
      if (!link.exists) return {std::move(file_), path_ + "/" + name + rest_};
      if (link.target)
        turn_to(*link.target, start);
      else if (!step_into(name))
        return {std::move(file_), path_ + rest_};
    }
    return {std::move(file_), path_.empty() ? "/" : path_};
  }

 private:
  void begin_at_root() {
    path_.clear();
    at_ = Handle(H5Gopen2(file_.id(), "/", H5P_DEFAULT), file_path_.string(), "open its root");
  }

  /// \returns Whether there can be more below it.
  bool step_into(const std::string& name) {
    path_ += "/" + name;
    const hid_t next =
        shielded(file_path_.string(), [&] { return H5Oopen(at_.get(), name.c_str(), H5P_DEFAULT); });
    at_ = Handle(next, file_path_.string() + ":" + path_, "open");
    return H5Iget_type(next) == H5I_GROUP;
  }

  void turn_to(const LinkTarget& target, const std::string& start) {
    constexpr int most_links = 32;
    if (++links_ > most_links) throw InputError({start, "is a link that leads in a circle", "a dataset"});
    rest_ = target.path + rest_;
    if (target.file) {
      const auto next = beside(file_path_, *target.file);
      const std::string subject = fmt::format("{}: is a link to {}", start, to_string(target));
      check_may_follow(subject, file_path_, next, rule_);
      try {
        file_ = File::open_read(next);
      } catch (const InputError& error) {
        throw InputError({subject, error.what(), ""});
      }
      file_path_ = next;
    }
    if (target.file || target.path.starts_with('/')) begin_at_root();
  }

  File file_;
  std::filesystem::path file_path_;
  std::string path_;  // without links, from the root to where this is; empty at the root
  std::string rest_;
  FollowRule rule_;
  Handle at_;
  int links_ = 0;
};

}  // namespace

std::filesystem::path beside(const std::filesystem::path& file, const std::string& name) {
  const std::filesystem::path named(name), folder = file.parent_path();
  std::error_code none;
  if (named.is_absolute() && !std::filesystem::exists(named, none)) {
    auto moved = folder / named.filename();
    if (std::filesystem::exists(moved, none)) return moved;
  }
  return (folder / named).lexically_normal();  // an absolute one stays as it is
}

void check_may_follow(const std::string& subject, const std::filesystem::path& file,
                      const std::filesystem::path& target, const FollowRule& rule) {
  if (rule.outside) return;
  const auto folder = std::filesystem::absolute(file).lexically_normal().parent_path();
  const auto way = std::filesystem::absolute(target).lexically_normal().lexically_relative(folder);
  if (!way.empty() && *way.begin() != "..") return;
  throw InputError(
      {subject, fmt::format("leads out of the file's folder, to {}", target.string()),
       rule.key.empty() ? "a file in the folder of this one" : rule.key + " if that file is meant"});
}

Place follow_links(const std::filesystem::path& file, const std::string& path, const FollowRule& rule) {
  return Way(file, path, rule).follow();
}

}  // namespace cleft::h5
