#include "base/files/publish.hpp"

#include <system_error>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/disk_space.hpp"

namespace cleft {
namespace {

void remove_earlier(const std::filesystem::path& file) {
  std::error_code failure;
  if (std::filesystem::remove(file, failure)) sync_folder_of(file);
  if (failure)
    throw IoError({.subject = file.string(),
                   .found = "cannot be replaced (" + failure.message() + ")",
                   .expected = ""});
}

}  // namespace

UnpublishedFile::~UnpublishedFile() {
  std::error_code ignored;
  if (!empty()) std::filesystem::remove(written(), ignored);
}

std::filesystem::path UnpublishedFile::written() const {
  return unfinished_name(path_);
}

UnpublishedFile write_unpublished(const std::filesystem::path& path, std::string_view content) {
  write_unfinished(path, content);
  return UnpublishedFile(path);
}

bool Publication::step() {
  const std::size_t step = steps_done_++;
  if (step == 0) {
    for (const UnpublishedFile& file : files_) {
      release_space(file.written());
      sync_file(file.written());
    }
  } else if (step == 1) {
    remove_earlier(files_.back().path());
  } else {
    UnpublishedFile& file = files_.at(step - 2);
    publish_file(file.written(), file.path());
    file.keep();
  }
  return steps_done_ < files_.size() + 2;
}

void publish(std::vector<UnpublishedFile> files) {
  Publication publication(std::move(files));
  while (publication.step()) {
  }
}

}  // namespace cleft
