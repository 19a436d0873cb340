#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace cleft {

/// A file that is complete, and closed, under its unfinished name ("<path>.part") and waits for `publish` to
/// give it its own. It goes with this object unless it is published. A default-constructed one stands for
/// nothing, as on ranks other than the one that publishes.
class UnpublishedFile {
 public:
  UnpublishedFile() = default;
  /// Takes over what stands, or will stand, under unfinished_name(path).
  explicit UnpublishedFile(std::filesystem::path path) : path_(std::move(path)) {}
  UnpublishedFile(const UnpublishedFile&) = delete;
  UnpublishedFile& operator=(const UnpublishedFile&) = delete;
  UnpublishedFile(UnpublishedFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  UnpublishedFile& operator=(UnpublishedFile&& other) noexcept {
    path_.swap(other.path_);
    return *this;
  }
  /// Removes the file, unless it was published or kept; a failure to do so is passed over.
  ~UnpublishedFile();

  bool empty() const { return path_.empty(); }
  /// The name that it is to get.
  const std::filesystem::path& path() const { return path_; }
  /// Where it stands until then.
  std::filesystem::path written() const;
  /// The file stays where it is; this object is empty afterwards.
  void keep() { path_.clear(); }

 private:
  std::filesystem::path path_;
};

/// Writes a whole file under the unfinished name of `path`.
/// \throws IoError naming `path` and the reason (no folder, not writable, disk full); nothing is left then.
UnpublishedFile write_unpublished(const std::filesystem::path& path, std::string_view content);

/// Makes finished files visible that belong together as one result, in the order in which they are given:
///
///   0. Each file's reserved space beyond its end is given back, and its content is brought to the disk.
///      Nothing is visible yet: where this fails, an earlier result is still whole.
///   1. The last file of an earlier result is removed.
///   2. and so on: each file takes its name, replacing what had it; its folder is brought to the disk.
///
/// The last file is the seal: *where it is there, all of them are, and of the same run.* So whoever looks
/// whether a result is complete looks for the last file. When a step fails, or the process or the machine
/// goes down between two of them, the seal is missing and the next run makes the result anew; files of the
/// earlier and of the new result may then stand side by side. Give last what people look at and what depends
/// on the others.
///
/// Takes a step at a time so that a test can end in between; everybody else calls `publish`. Not collective:
/// for one rank, on behalf of all, which then agree on how it went (all_or_throw).
class Publication {
 public:
  /// \pre At least one file, none of them empty, with different names.
  explicit Publication(std::vector<UnpublishedFile> files) : files_(std::move(files)) {}

  /// Takes the next step of those above.
  /// \returns Whether there are more.
  /// \throws  IoError naming the file; the files that are not published yet go with this object.
  bool step();

 private:
  std::vector<UnpublishedFile> files_;
  std::size_t steps_done_ = 0;
};

/// All steps of a Publication.
/// \throws IoError
void publish(std::vector<UnpublishedFile> files);

}  // namespace cleft
