#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "features/gaussian.hpp"

namespace cleft {

/// The index that i stands for when an axis of n voxels is mirrored at its first and last voxel, as often as
/// needed and without repeating either: -1 -> 1, n -> n - 2.
/// \pre n >= 1
constexpr std::int64_t reflected(std::int64_t i, std::int64_t n) {
  if (i >= 0 && i < n) return i;
  if (n == 1) return 0;
  const std::int64_t period = 2 * (n - 1);
  const std::int64_t phase = ((i % period) + period) % period;
  return phase < n ? phase : period - phase;
}

/// Convolves along one axis: with l and r the voxels k to the left and right of voxel a,
///   s = c[0] * a;  for k = 1..radius: s = fma(r + l, c[k], s)     (r - l for order 1),
/// in float, in this order, with one rounding per fma: the same bits on every processor and for any choice of
/// `first` and extent. Beyond the ends of `in` values are reflected, see `reflected`.
///
/// \param in    z, y, x. Need not have the extent of `out`: voxel p of `out` is at first + p in `in`, so that
///              a pass computes only what the next one needs.
/// \param axis  0 = z, 1 = y, 2 = x.
/// \pre         `out` placed at `first` lies inside `in`, and the two share no memory.
void convolve(View3<const float> in, const LocalVoxel& first, View3<float> out, int axis,
              const Kernel& kernel);

namespace reference {
/// The definition of `convolve` voxel by voxel, which its vector code is tested against.
void convolve(View3<const float> in, const LocalVoxel& first, View3<float> out, int axis,
              const Kernel& kernel);
}  // namespace reference

}  // namespace cleft
