#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cleft {

/// How many objects a setting finds.
struct ObjectCount {
  double core_ratio = 0;
  std::int64_t min_size = 0;  ///< voxels
  std::int64_t objects = 0;
};

/// What was made of such counts.
struct Guess {
  bool possible = false;  ///< else nowhere are there objects enough to speak of
  double core_ratio = 0;
  std::int64_t min_size = 0;
  std::int64_t objects = 0;
  double change = 0;  ///< of the count around it: see guess_from_counts
};

/// Guesses a core ratio and a smallest size from how many objects there are at each: that pair around which
/// the count changes the least. The change is the mean of |ln N' - ln N| / |ln r' - ln r| over the next ratio
/// and the next size to either side, as far as there is one: 0 on a plateau, 1 where half the ratio gives
/// twice the objects. Real objects stand out from what is around them, so that they are there at many
/// ratios; noise comes and goes with each. Pairs at the grid's border in ratio, and with fewer than
/// `least_objects`, are left out; of equal changes the larger count is taken, then the first.
/// \param counts  Of every pair of a grid of both.
Guess guess_from_counts(const std::vector<ObjectCount>& counts);
inline constexpr std::int64_t least_objects = 5;

/// A largest size from the sizes of the objects that a guess finds: four times the size that 19 of 20 of them
/// do not exceed, since synapses differ in size by less.
/// \param sizes  In voxels, not empty.
std::int64_t guess_max_size(std::vector<std::int64_t> sizes);

}  // namespace cleft
