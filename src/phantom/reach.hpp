#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "phantom/neurites.hpp"
#include "phantom/vector.hpp"

namespace cleft::phantom {

/// Places are handled this many at a time.
inline constexpr std::size_t lane_count = 8;
using Lanes = std::array<float, lane_count>;

/// Several places, in nm from the middle of a tile.
struct PlaceLanes {
  alignas(32) Lanes z, y, x;
};

/// A segment in single precision, seen from the same middle.
struct NearSegment {
  NearSegment(const Segment& segment, const Vector& middle);
  float from_z, from_y, from_x, along_z, along_y, along_x, inverse_square, radius, growth;
};

/// For several places, how near a cell's surface is.
struct ReachLanes {
  alignas(32) Lanes distance;  ///< to the surface, nm; negative inside
  alignas(32) Lanes z, y, x;   ///< from the nearest point of the axis to the place
  alignas(32) Lanes segment;   ///< which segment is nearest: its number in the list
};

/// For each place the segment whose surface is nearest; the first of equals. The same bits on every SIMD
/// target.
/// \pre `segments` is not empty and has fewer than 2²⁴ elements.
ReachLanes nearest_segments(std::span<const NearSegment> segments, const PlaceLanes& places);

}  // namespace cleft::phantom
