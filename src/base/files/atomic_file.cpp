#include "base/files/atomic_file.hpp"

#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw IoError({.subject = path.string(),
                 .found = "cannot be written (" + std::generic_category().message(error) + ")",
                 .expected = ""});
}

/// An open file; closed at the end of its scope whatever happens.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool valid() const { return fd_ >= 0; }
  /// Returns the error, or 0.
  int write(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t written = ::write(fd_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      content.remove_prefix(to_size(written));
    }
    return 0;
  }
  int sync() const { return ::fsync(fd_) == 0 ? 0 : errno; }
  /// A network file system may report a full disk no earlier than here.
  int close() {
    if (fd_ < 0) return 0;
    const int failed = ::close(fd_);
    fd_ = -1;
    return failed == 0 ? 0 : errno;
  }

 private:
  int fd_;
};

/// Brings a file's content, or a folder's names, to the disk. Returns the error, or 0.
int sync(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY);
  return file.valid() ? file.sync() : errno;
}

constexpr int only_new = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;

int write_new(const std::filesystem::path& path, std::string_view content) {
  Descriptor file(path, only_new);
  if (!file.valid()) return errno;
  if (const int error = file.write(content)) return error;
  return file.close();
}

constexpr std::size_t random_digits = 16;
constexpr std::string_view ending = ".part";

/// Whether a name is one that temporary_name gives for a file of the name `final_name`.
bool is_temporary_name(std::string_view name, std::string_view final_name) {
  if (name.size() != final_name.size() + 1 + random_digits + ending.size()) return false;
  const std::string_view digits = name.substr(final_name.size() + 1, random_digits);
  return name.starts_with(final_name) && name[final_name.size()] == '.' && name.ends_with(ending) &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

std::filesystem::path unfinished_name(const std::filesystem::path& path) {
  return path.native() + std::string(ending);
}

std::filesystem::path temporary_name(const std::filesystem::path& path) {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != ssize_t{sizeof number}) fail(path, errno);
  return fmt::format("{}.{:0{}x}{}", path.native(), number, random_digits, ending);
}

std::vector<std::filesystem::path> leftovers_of(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator entry(folder_of(path), failure), end; !failure && entry != end;
       entry.increment(failure))
    if (is_temporary_name(entry->path().filename().native(), path.filename().native()))
      leftovers.push_back(entry->path());
  return leftovers;
}

void remove_leftovers(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  for (const fs::path& leftover : leftovers_of(path)) {
    std::error_code ignored;
    if (fs::is_regular_file(fs::symlink_status(leftover, ignored))) fs::remove(leftover, ignored);
  }
}

void create_new_file(const std::filesystem::path& temporary, const std::filesystem::path& path) {
  Descriptor file(temporary, only_new);
  if (!file.valid()) fail(path, errno);
  if (const int error = file.close()) fail(path, error);
}

void sync_file(const std::filesystem::path& file) {
  if (const int error = sync(file)) fail(file, error);
}

void sync_folder_of(const std::filesystem::path& file) {
  sync(folder_of(file));
}

void publish_file(const std::filesystem::path& written, const std::filesystem::path& path) {
  if (const int error = sync(written)) fail(path, error);
  std::error_code failure;
  std::filesystem::rename(written, path, failure);
  if (failure) fail(path, failure.value());
  sync_folder_of(path);
}

std::filesystem::path write_temporary(const std::filesystem::path& path, std::string_view content) {
  remove_leftovers(path);
  auto temporary = temporary_name(path);
  if (const int error = write_new(temporary, content)) {
    std::error_code ignored;
    if (error != EEXIST) std::filesystem::remove(temporary, ignored);
    fail(path, error);
  }
  return temporary;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content) {
  const auto temporary = write_temporary(path, content);
  try {
    publish_file(temporary, path);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
}

}  // namespace cleft
