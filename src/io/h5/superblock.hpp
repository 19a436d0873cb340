#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace cleft::h5 {

/// How many bytes an HDF5 file had when it was written, as its superblock says: one that has fewer was cut
/// short. Reads the file itself, since HDF5 tells nothing of a file that it refuses. Source: HDF5 File Format
/// Specification 3.0, II.A.
/// \returns Nothing when the file cannot be read or has no superblock that this knows.
std::optional<std::uint64_t> bytes_when_written(const std::filesystem::path& file);

}  // namespace cleft::h5
