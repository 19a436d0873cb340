#pragma once

#include <filesystem>
#include <string_view>

namespace cleft {

/// The name beside `path` under which a file is written until it is complete: "<path>.part".
std::filesystem::path unfinished_name(const std::filesystem::path& path);

/// Brings a file's content to the disk.
/// \throws IoError
void sync_file(const std::filesystem::path& file);
/// Brings the names in a file's folder to the disk: a new name is safe once its folder is. Some file systems
/// cannot do that; then nothing happens.
void sync_folder_of(const std::filesystem::path& file);

/// Gives a complete file its final name: what was written is on disk before the name is, and what had the
/// name is replaced in one step.
/// \param written  In the same folder as `path`.
/// \throws         IoError
void publish_file(const std::filesystem::path& written, const std::filesystem::path& path);

/// Writes a whole file under the unfinished name of `path`; after a failure nothing is there.
/// \throws IoError naming `path` and the reason (no folder, not writable, disk full)
void write_unfinished(const std::filesystem::path& path, std::string_view content);

/// Writes a whole file so that `path` never holds a part of it; after a failure nothing has changed there.
/// \throws IoError naming the file and the reason (no folder, not writable, disk full)
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace cleft
