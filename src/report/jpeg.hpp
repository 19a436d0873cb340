#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cleft {

/// The colours of a picture's pixels.
enum class Colours { grey = 1, rgb = 3 };

/// Packs a picture as JPEG (libjpeg's baseline process, its exact integer transform, optimised tables):
/// the same bytes for the same pixels with one version of the library.
/// \param pixels   height x width, 1 or 3 bytes a pixel.
/// \param quality  1 ... 100
/// \throws InternalError when the library refuses, as where a side is longer than 65,500 pixels.
std::string jpeg_bytes(std::span<const std::uint8_t> pixels, std::int64_t width, std::int64_t height,
                       Colours colours, int quality);

}  // namespace cleft
