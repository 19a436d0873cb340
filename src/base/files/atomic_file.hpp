#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace cleft {

// A file is written beside its place under another name until it is complete. Others may write to the same
// folder: a name that can be guessed may be a link to somebody's file by the time it is opened. So temporary
// names cannot be guessed, and their files are made where nothing is, never opened where something is.

/// The name beside `path` of a file that a later run may go on with: "<path>.part".
std::filesystem::path unfinished_name(const std::filesystem::path& path);

/// A name beside `path` that nobody can guess: "<path>.0123456789abcdef.part", with other digits each time.
/// \throws IoError when the system gives no random numbers.
std::filesystem::path temporary_name(const std::filesystem::path& path);

/// What stands under temporary names of `path`, files and folders, in no particular order; nothing where the
/// folder cannot be listed.
std::vector<std::filesystem::path> leftovers_of(const std::filesystem::path& path);

/// Removes the files that killed processes have left under temporary names of `path`; what cannot be removed
/// stays. Who else is writing a file for `path` loses it, and fails when it is to get its name.
void remove_leftovers(const std::filesystem::path& path);

/// Makes an empty file where nothing is, not even a link.
/// \param temporary  Its name.
/// \param path       The name that it is for, for messages.
/// \throws IoError naming `path` and the reason (no folder, not writable, disk full)
void create_new_file(const std::filesystem::path& temporary, const std::filesystem::path& path);

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

/// Writes a whole file under a temporary name of `path`, in the place of those that killed processes have
/// left; after a failure nothing is there.
/// \returns Its name.
/// \throws  IoError naming `path` and the reason (no folder, not writable, disk full)
std::filesystem::path write_temporary(const std::filesystem::path& path, std::string_view content);

/// Writes a whole file so that `path` never holds a part of it; after a failure nothing has changed there.
/// \throws IoError naming the file and the reason (no folder, not writable, disk full)
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace cleft
