#include "io/h5/contents.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "io/h5/link_value.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {
namespace {

herr_t list_name(hid_t, const char* name, const H5L_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->emplace_back(name);
  return 0;
}

/// Goes through all groups of a file, each object once: hard links may lead in circles.
class Lister {
 public:
  Lister(const Object& group, std::size_t limit) : name_(group.name()), limit_(limit) {
    enter(Handle(H5Gopen2(group.id(), ".", H5P_DEFAULT), name_, "open it"), 0);
  }

  Contents list() {
    while (!groups_.empty() && found_.datasets.size() + found_.links.size() < limit_) {
      OpenGroup& group = groups_.back();
      if (group.next == group.names.size()) {
        path_.resize(group.path_bytes);
        groups_.pop_back();
      } else {
        look_at(group, group.names[group.next++]);
      }
    }
    std::sort(found_.datasets.begin(), found_.datasets.end());
    std::sort(found_.links.begin(), found_.links.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  struct OpenGroup {
    Handle id;
    std::vector<std::string> names;
    std::size_t next = 0;
    std::size_t path_bytes = 0;  // of the path of the group above
  };

  void enter(Handle id, std::size_t path_bytes) {
    if (!is_new(id.get())) {
      path_.resize(path_bytes);
      return;
    }
    OpenGroup group{std::move(id), {}, 0, path_bytes};
    check(shielded(name_,
                   [&] {
                     return H5Literate(group.id.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, list_name,
                                       &group.names);
                   }),
          name_, "list");
    groups_.push_back(std::move(group));
  }

  bool is_new(hid_t object) {
    H5O_info_t info{};
    check(shielded(name_, [&] { return H5Oget_info2(object, &info, H5O_INFO_BASIC); }), name_, "list");
    return seen_.emplace(info.fileno, info.addr).second;
  }

  void look_at(const OpenGroup& group, const std::string& name) {
    const LinkValue link = link_value(group.id.get(), name, name_);
    if (!link.exists) return;
    if (link.target) {
      found_.links.push_back({path_ + "/" + name, to_string(*link.target)});
      return;
    }
    const hid_t opened = shielded(name_, [&] { return H5Oopen(group.id.get(), name.c_str(), H5P_DEFAULT); });
    Handle object(opened, name_ + path_.substr(path_.empty() ? 0 : 1) + "/" + name, "open");
    const H5I_type_t kind = H5Iget_type(object.get());
    if (kind == H5I_DATASET && is_new(object.get())) found_.datasets.push_back(path_ + "/" + name);
    if (kind != H5I_GROUP) return;
    const std::size_t above = path_.size();
    path_ += "/" + name;
    enter(std::move(object), above);
  }

  std::string name_;
  std::size_t limit_;
  std::vector<OpenGroup> groups_;  // from the root to where this is
  std::string path_;
  std::set<std::pair<std::uint64_t, haddr_t>> seen_;
  Contents found_;
};

}  // namespace

Contents contents_of(const Object& group, std::size_t limit) {
  return Lister(group, limit).list();
}

}  // namespace cleft::h5
