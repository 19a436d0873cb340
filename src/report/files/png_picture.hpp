#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace cleft {

/// Writes a picture as PNG, so that the file never holds a part of it. Not collective.
/// \param rgb  height x width pixels of 3 bytes.
/// \throws IoError naming the file
void write_png(const std::filesystem::path& file, std::span<const std::uint8_t> rgb, std::int64_t width,
               std::int64_t height);

/// Whether a file begins as a PNG does.
/// \throws IoError when it cannot be read; InputError when it is no regular file.
bool begins_as_png(const std::filesystem::path& file);

}  // namespace cleft
