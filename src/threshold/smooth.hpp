#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// How many voxels beyond a core its smoothing reads, per axis: the Gaussian's radius. 0 where sigma is 0.
/// \param sigma  In voxels, each >= 0.
Extent smoothing_halo(const PerAxis<double>& sigma);

/// Stored foreground probabilities as numbers in [0, 1]: v / 255 for uint8, the value itself for float32.
inline float stored_probability(std::uint8_t v) {
  return narrow<float>(v) / 255.0F;
}
inline float stored_probability(float v) {
  return v;
}

/// Gaussian smoothing S(p) of stored probabilities, along x, then y, then z, in float32 (window 3.5). An axis
/// whose sigma is 0 is not smoothed. Reflects at the edge of `padded` without repeating the edge voxel.
///
/// \tparam Stored   std::uint8_t or float, see stored_probability.
/// \param padded    The core with smoothing_halo(sigma) around it, cut off at the volume's edge only.
/// \param core_begin, core  Where the core lies in `padded`.
/// \param sigma     In voxels, each >= 0.
/// \param threads   That share the work.
/// \returns         S(p) of the core: the same bits as if the whole volume were smoothed in one piece.
template <class Stored>
Array3<float> smooth(const View3<const Stored>& padded, const LocalVoxel& core_begin, const Extent& core,
                     const PerAxis<double>& sigma, int threads = 1);

extern template Array3<float> smooth(const View3<const std::uint8_t>&, const LocalVoxel&, const Extent&,
                                     const PerAxis<double>&, int);
extern template Array3<float> smooth(const View3<const float>&, const LocalVoxel&, const Extent&,
                                     const PerAxis<double>&, int);

/// Bytes that smooth takes, its result included and `padded` not.
std::int64_t smoothing_bytes(const Extent& core, const Extent& padded, const PerAxis<double>& sigma,
                             int threads);

}  // namespace cleft
