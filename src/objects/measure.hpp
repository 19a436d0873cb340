#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "base/box.hpp"

namespace cleft {

/// The type of sums. 128 bits hold the sums below in any volume whose axes are shorter than 2^31 voxels: a
/// squared coordinate is below 2^62, and there are fewer than 2^63 voxels to add up.
__extension__ using Wide = unsigned __int128;

/// Probabilities are added up in integer steps; this is how many steps make the probability 1. 255 for stored
/// uint8, where a step is exactly a stored value, and 2^24 for stored float32, whose values are rounded to
/// the nearest step.
template <class Stored>
inline constexpr std::uint32_t probability_steps = 0;
template <>
inline constexpr std::uint32_t probability_steps<std::uint8_t> = 255;
template <>
inline constexpr std::uint32_t probability_steps<float> = 1U << 24U;

/// The sums that stand for a component, or for a part of one, instead of its voxels. All are integers, so
/// that combining parts in any order gives the same bits. Positions are voxels of the whole volume. Trivially
/// copyable, so that it can travel between ranks.
struct ComponentSums {
  static constexpr std::int64_t beyond = std::numeric_limits<std::int64_t>::max();  ///< above every position

  std::int64_t first_voxel = beyond;        ///< smallest linear index in the volume
  std::int64_t size = 0;                    ///< voxels
  PerAxis<Wide> positions;                  ///< sums of z, y, x
  PerAxis<Wide> squares;                    ///< sums of z z, y y, x x
  Wide zy = 0, zx = 0, yx = 0;              ///< sums of the products
  GlobalVoxel low{beyond, beyond, beyond};  ///< bounding box: smallest z, y, x
  GlobalVoxel high{-1, -1, -1};             ///< bounding box: largest z, y, x (of a voxel, not one past it)
  Wide probability = 0;                     ///< sum, in steps (probability_steps)
  std::uint32_t max_probability = 0;        ///< in steps
  std::uint32_t at_mask_edge = 0;           ///< 1 where the mask's edge may have cut it, else 0

  friend bool operator==(const ComponentSums&, const ComponentSums&) = default;
};

/// The sizes of the core components inside a component.
struct CoreSums {
  std::int64_t count = 0;    ///< core components
  std::int64_t voxels = 0;   ///< of all of them together
  std::int64_t largest = 0;  ///< voxels of the largest

  friend bool operator==(const CoreSums&, const CoreSums&) = default;
};

/// Adds a run of voxels along x to the sums of its component.
///
/// \tparam Stored        std::uint8_t or float in [0, 1].
/// \param begin          The run's first voxel.
/// \param probabilities  The stored foreground probabilities of the run's voxels; its length is the run's.
/// \param volume         Extent of the whole volume, each axis shorter than 2^31.
template <class Stored>
void add_run(ComponentSums& sums, const GlobalVoxel& begin, std::span<const Stored> probabilities,
             const Extent& volume);

/// Adds one whole core component of this many voxels.
void add_core(CoreSums& sums, std::int64_t voxels);

/// The sums of two parts together. Associative and commutative; a default-constructed value is neutral.
ComponentSums combine(const ComponentSums& a, const ComponentSums& b);
CoreSums combine(const CoreSums& a, const CoreSums& b);

extern template void add_run(ComponentSums&, const GlobalVoxel&, std::span<const std::uint8_t>,
                             const Extent&);
extern template void add_run(ComponentSums&, const GlobalVoxel&, std::span<const float>, const Extent&);

}  // namespace cleft
