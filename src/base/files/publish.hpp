#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace cleft {

/// A file that is complete, and closed, under a temporary name (temporary_name) and waits for `publish` to
/// give it its own. It goes with this object unless it is published. A default-constructed one stands for
/// nothing, as on ranks other than the one that publishes.
class UnpublishedFile {
 public:
  UnpublishedFile() = default;
  /// Takes over what stands, or will stand, under the name `written`, in the same folder as `path`.
  UnpublishedFile(std::filesystem::path path, std::filesystem::path written)
      : path_(std::move(path)), written_(std::move(written)) {}
  UnpublishedFile(const UnpublishedFile&) = delete;
  UnpublishedFile& operator=(const UnpublishedFile&) = delete;
  UnpublishedFile(UnpublishedFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), written_(std::exchange(other.written_, {})) {}
  UnpublishedFile& operator=(UnpublishedFile&& other) noexcept {
    path_.swap(other.path_);
    written_.swap(other.written_);
    return *this;
  }
  /// Removes the file, unless it was published or kept; a failure to do so is passed over.
  ~UnpublishedFile();

  bool empty() const { return path_.empty(); }
  /// The name that it is to get.
  const std::filesystem::path& path() const { return path_; }
  /// Where it stands until then.
  const std::filesystem::path& written() const { return written_; }
  /// The file stays where it is; this object is empty afterwards.
  void keep() { path_.clear(); }

 private:
  std::filesystem::path path_, written_;
};

/// Writes a whole file under a temporary name of `path`.
/// \throws IoError naming `path` and the reason (no folder, not writable, disk full); nothing is left then.
UnpublishedFile write_unpublished(const std::filesystem::path& path, std::string_view content);

/// What becomes of an earlier result's files that the new one does not replace by files of its own.
struct EarlierFiles {
  std::vector<std::filesystem::path> obsolete;  ///< go; those that are not there are passed over
  /// The name that the earlier result's last file is kept under, in its own folder, in the place of what has
  /// it; without one the file goes.
  std::optional<std::filesystem::path> keep_last_as{};
};

/// Makes finished files visible that belong together as one result, in the order in which they are given:
///
///   0. Each file's reserved space beyond its end is given back, and its content is brought to the disk.
///      Nothing is visible yet: where this fails, an earlier result is still whole.
///   1. The last file of an earlier result goes, or gets the name that it is kept under.
///   2. The obsolete files go.
///   3. and so on: each file takes its name, replacing what had it; its folder is brought to the disk.
///
/// The last file is the seal: *where it is there, all of them are, and of the same run*, and no obsolete file
/// is. So whoever looks whether a result is complete looks for the last file. When a step fails, or the
/// process or the machine goes down between two of them, the seal is missing and the next run makes the
/// result anew; files of the earlier and of the new result may then stand side by side. Give last what people
/// look at and what depends on the others.
///
/// Takes a step at a time so that a test can end in between; everybody else calls `publish`. Not collective:
/// for one rank, on behalf of all, which then agree on how it went (all_or_throw).
class Publication {
 public:
  /// \pre At least one file, none of them empty, with different names.
  explicit Publication(std::vector<UnpublishedFile> files, EarlierFiles earlier = {})
      : files_(std::move(files)), earlier_(std::move(earlier)) {}

  /// Takes the next step of those above.
  /// \returns Whether there are more.
  /// \throws  IoError naming the file; the files that are not published yet go with this object.
  bool step();

 private:
  void remove_seal() const;

  std::vector<UnpublishedFile> files_;
  EarlierFiles earlier_;
  std::size_t steps_done_ = 0;
};

/// All steps of a Publication.
/// \throws IoError
void publish(std::vector<UnpublishedFile> files, EarlierFiles earlier = {});

}  // namespace cleft
