#include "pipeline/run/run_lock.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "base/log.hpp"

namespace cleft {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

void make_directory(const std::filesystem::path& directory) {
  std::error_code failure;
  if (std::filesystem::is_directory(directory, failure)) return;
  std::filesystem::create_directory(directory, failure);
  if (!failure) return;
  const ErrorFields fields{.subject = directory.string(),
                           .found = "the run directory cannot be made (" + failure.message() + ")",
                           .expected = "run.directory in a folder that exists and can be written to"};
  // Where the parent folder is missing, or is none, the name is wrong: the user's fault. All else is the file
  // system's.
  if (failure == std::errc::no_such_file_or_directory || failure == std::errc::not_a_directory ||
      failure == std::errc::file_exists)
    throw InputError(fields);
  throw IoError(fields);
}

bool is_something(const std::filesystem::path& path) {
  std::error_code unknown;
  return std::filesystem::exists(std::filesystem::symlink_status(path, unknown));
}

/// Whether an open file has no name any more: the run that it belonged to has removed it and ended, and
/// another run may have made a new one of the same name.
bool is_removed(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && found.st_nlink == 0;
}

}  // namespace

RunLock::RunLock(const RunFiles& files, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause(100);
  const auto end = std::chrono::steady_clock::now() + patience;
  for (bool told = false; !try_lock(files); told = true) {
    if (std::chrono::steady_clock::now() >= end)
      throw IoError({.subject = files.directory.string(),
                     .found = "another cleft is running in it",
                     .expected = "another run.directory, or that run's end"});
    if (!told)
      log::info("{}: another cleft is running in it; waits {} s for its end", files.directory.string(),
                std::chrono::duration_cast<std::chrono::seconds>(patience).count());
    std::this_thread::sleep_for(pause);
  }
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

/// Makes the directory, which a run that has just ended may have taken away with it, and locks it.
/// \returns Whether this process has the directory now, or the file system knows no locks.
bool RunLock::try_lock(const RunFiles& files) {
  missing_before_.clear();
  for (const auto& path : {files.configuration, files.lock, files.directory})
    if (!is_something(path)) missing_before_.push_back(path);
  make_directory(files.directory);
  // Without O_NONBLOCK a pipe would be waited for.
  const int descriptor =
      ::open(files.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (descriptor < 0 && (errno == EISDIR || errno == ELOOP))
    throw InputError({.subject = files.lock.string(),
                      .found = errno == ELOOP ? "is a link" : "is a directory",
                      .expected = "the lock of a run directory, or nothing; move it away"});
  const int failed = errno;
  if (descriptor < 0 && !is_there(files.directory)) return false;  // it went just now
  if (descriptor < 0)
    throw IoError({.subject = files.directory.string(),
                   .found = "not writable (" + reason(failed) + ")",
                   .expected = "a run.directory that can be written to"});
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    if (!is_removed(descriptor)) {
      descriptor_ = descriptor;
      return true;
    }
    ::close(descriptor);
    return false;
  }
  const int error = errno;
  ::close(descriptor);
  if (error == EWOULDBLOCK) return false;
  log::warning("{}: cannot be locked ({}); nothing keeps a second cleft from running in it",
               files.directory.string(), reason(error));
  return true;
}

}  // namespace cleft
