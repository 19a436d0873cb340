#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace cleft {

/// What a sealed file holds and how this version of cleft writes it.
struct SealedFormat {
  std::string_view name;  ///< "cleft model"
  int version = 1;
};

/// A sealed file's content.
struct Sealed {
  std::vector<char> content;
  std::uint64_t checksum = 0;  ///< of the content
};

/// Bytes of a seal: the smallest user block that HDF5 allows.
inline constexpr std::size_t seal_bytes = 512;

/// Writes content behind a seal: 512 bytes of text with the format's name and version and the content's
/// length and checksum. When the content is an HDF5 file, so is the whole: HDF5 calls what stands before it a
/// user block. The file takes its final name when it is complete.
/// \returns The content's checksum.
/// \throws  IoError
std::uint64_t write_sealed(const std::filesystem::path& path, const SealedFormat& format,
                           std::span<const char> content);

/// Reads a file that write_sealed wrote, and nothing else: one flipped bit anywhere is found before anybody
/// looks into the content. Takes no more memory than the file has bytes.
/// \throws InputError when there is no such file, it holds something else, was written by a newer version, is
///         truncated or damaged; IoError when it cannot be read.
Sealed read_sealed(const std::filesystem::path& path, const SealedFormat& format);

/// Puts a seal on a file whose first seal_bytes are free for it; what follows is the content, as it stands in
/// the file. Reads all of it.
/// \throws InputError when the file is missing or shorter; IoError
void seal_file(const std::filesystem::path& path, const SealedFormat& format);

/// Reads all of a sealed file, a piece at a time, and looks whether it is what was sealed.
/// \throws as read_sealed
void check_sealed(const std::filesystem::path& path, const SealedFormat& format);

/// Whether a file's first line says that it is of this format; it may still be damaged. False when it cannot
/// be read.
bool begins_as_sealed(const std::filesystem::path& path, const SealedFormat& format);

}  // namespace cleft
