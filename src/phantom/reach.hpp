#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "phantom/neurites.hpp"
#include "phantom/vector.hpp"

namespace cleft::phantom {

/// How many places are handled at a time: as many as the widest SIMD vector used has lanes.
inline constexpr std::size_t places_at_once = 8;
/// A value for each of them.
using PerPlace = std::array<float, places_at_once>;

/// Where the places are, in nm from the middle of a tile.
struct Places {
  alignas(32) PerPlace z, y, x;
};

/// A Segment in single precision, in nm from the middle of a tile.
struct NearSegment {
  NearSegment(const Segment& segment, const Vector& middle);
  float from_z, from_y, from_x, along_z, along_y, along_x, inverse_square, radius, growth;
};

/// How near a cell's surface is to each place.
struct Reaches {
  alignas(32) PerPlace distance;  ///< to the surface, nm; negative inside
  alignas(32) PerPlace z, y, x;   ///< from the nearest point of the axis to the place
  alignas(32) PerPlace segment;   ///< which segment is nearest: its number in the list
};

/// Finds for each place the segment whose surface is nearest; the first of equals. The same bits with every
/// SIMD target.
/// \pre `segments` is not empty and has fewer than 2²⁴ elements.
Reaches nearest_segments(std::span<const NearSegment> segments, const Places& places);

}  // namespace cleft::phantom
