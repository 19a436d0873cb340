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

UnpublishedFile write_unpublished(const std::filesystem::path& path, std::string_view content) {
  return {path, write_temporary(path, content)};
}

void Publication::remove_seal() const {
  const auto& seal = files_.back().path();
  std::error_code none;
  if (!earlier_.keep_last_as || !std::filesystem::exists(seal, none)) return remove_earlier(seal);
  std::error_code failure;
  std::filesystem::rename(seal, *earlier_.keep_last_as, failure);
  if (failure)
    throw IoError({.subject = earlier_.keep_last_as->string(),
                   .found = "cannot be written (" + failure.message() + ")",
                   .expected = ""});
  sync_folder_of(seal);
}

bool Publication::step() {
  constexpr std::size_t before_names = 3;
  const std::size_t step = steps_done_++;
  if (step == 0) {
    for (const UnpublishedFile& file : files_) {
      release_space(file.written());
      sync_file(file.written());
    }
  } else if (step == 1) {
    remove_seal();
  } else if (step == 2) {
    for (const auto& file : earlier_.obsolete) remove_earlier(file);
  } else {
    UnpublishedFile& file = files_.at(step - before_names);
    publish_file(file.written(), file.path());
    file.keep();
  }
  return steps_done_ < files_.size() + before_names;
}

void publish(std::vector<UnpublishedFile> files, EarlierFiles earlier) {
  Publication publication(std::move(files), std::move(earlier));
  while (publication.step()) {
  }
}

}  // namespace cleft
