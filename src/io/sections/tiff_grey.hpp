#pragma once

#include <cstdint>
#include <filesystem>

#include "io/sections/section_image.hpp"
#include "io/sections/tiff_directory.hpp"

namespace cleft {

/// How a page of a TIFF file becomes grey values.
struct TiffGrey {
  SectionShape shape;
  std::size_t channels = 1;  ///< samples that stand side by side: 1 where each has a plane of its own
  std::size_t samples = 1;
  GreySamples taken;
  std::uint32_t bits = 8;
  bool packed = false;  ///< samples of other than 8, 16, 32 or 64 bits, one behind the other
  bool inverted = false;
  bool jpeg_colours = false;  ///< the decoder has to make red, green and blue of them

  std::size_t sample_bytes() const { return size_of(shape.type); }
};

/// \param number  Of the page, from 0, for messages.
/// \param facts  Gets what is done to the values.
/// \throws InputError when the page is not one of grey values: says what it is, and the way out.
TiffGrey grey_of(const std::filesystem::path& path, std::int64_t number, const TiffDirectory& directory,
                 const GreyOptions& options, GreyFacts& facts);

}  // namespace cleft
