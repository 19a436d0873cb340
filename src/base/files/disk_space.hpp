#pragma once

#include <cstdint>
#include <filesystem>

namespace cleft {

/// Takes the disk space that a file needs to grow to `bytes`, so that a full disk is found now and not by a
/// parallel write, from which HDF5 and MPI-IO do not recover. The file's size stays what it is. Where the
/// file system cannot reserve space, what is free and the process's own limit are looked at. Not collective.
/// \param named  The name that the file is to get, for messages.
/// \throws IoError naming it, its size and what is free when there is not enough space, quota or
///         permission.
void reserve_space(const std::filesystem::path& file, std::int64_t bytes, const std::filesystem::path& named);

/// Gives back what reserve_space took beyond the file's end. Not collective.
/// \throws IoError
void release_space(const std::filesystem::path& file);

}  // namespace cleft
