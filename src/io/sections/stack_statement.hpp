#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"

namespace cleft {

/// Where a page of a file belongs in the image that the file describes; each counted from 0.
struct PagePlace {
  std::int64_t z = 0, channel = 0, frame = 0;
  friend bool operator==(const PagePlace&, const PagePlace&) = default;
};

/// Edge lengths of a voxel in nm, as far as a file states them.
struct PartialVoxelSize {
  std::optional<double> z, y, x;
  bool any() const { return z || y || x; }
};

/// What a file says, in a description of its own, that its pages are.
struct StackStatement {
  std::string program;  ///< "ImageJ", "OME": whose description it is, for messages
  std::int64_t sections = 1, channels = 1, frames = 1;
  /// Place of each page, in the order of the file. Its pages may be fewer (ImageJ writes the first one only
  /// of a large stack), or those of a file among several that the description is about (`partial`).
  std::vector<PagePlace> places;
  bool partial = false;
  PartialVoxelSize voxel_size;
  /// What is said in a way that cannot be followed ("5 x 2 images of which it does not say which are
  /// sections"); empty: everything is clear.
  std::string unclear;
};

/// What of a file its description is read with.
struct DescribedFile {
  std::string name;          ///< without folders
  std::int64_t samples = 1;  ///< of a pixel of its first page
  std::int64_t height = 0, width = 0;
  std::optional<double> x_resolution, y_resolution;  ///< pixels per unit
};

/// The most pages that a description is believed to have.
constexpr std::int64_t most_described_pages = 1'000'000;

inline bool is_page_count(std::int64_t count) {
  return count >= 1 && count <= most_described_pages;
}

/// All places of a stack whose axes vary in this order, the fastest first.
/// \param order  The letters z, c and t, each once.
std::vector<PagePlace> places_in_order(const StackStatement& sizes, const std::string& order);

/// What the numbers say that Zeiss' LSM has beside its pages: x, y, z, channels, frames, and the lengths of a
/// voxel along x, y and z in m. Its channels are samples of one page.
/// \pre Five sizes, three lengths.
StackStatement lsm_statement(const std::vector<std::int32_t>& sizes, const std::vector<double>& lengths);

}  // namespace cleft
