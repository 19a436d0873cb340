#pragma once

#include <filesystem>
#include <span>

namespace cleft {

/// Writes a whole file beside its final name and then renames it, so that nobody sees a part of it: after a
/// failure, `path` is what it was before. \throws IoError naming the file and the reason (no such directory,
/// no permission, no space left).
void write_atomically(const std::filesystem::path& path, std::span<const char> bytes);

/// Gives a complete file its final name, replacing what has it. \throws IoError
void rename_into_place(const std::filesystem::path& part, const std::filesystem::path& path);

/// Where a file stands until it is complete: "<path>.part".
std::filesystem::path part_of(const std::filesystem::path& path);

}  // namespace cleft
