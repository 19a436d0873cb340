#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// How many voxels around a box its smoothing reads, per axis: the Gaussian's radius, 0 where sigma is 0.
/// \param sigma  In voxels, each >= 0.
Extent smoothing_halo(const PerAxis<double>& sigma);

/// Stored foreground probabilities as numbers in [0, 1]: v / 255 for uint8, the value itself for float32.
inline float stored_probability(std::uint8_t v) {
  return narrow<float>(v) / 255.0F;
}
inline float stored_probability(float v) {
  return v;
}

/// Gaussian smoothing S(p) of stored probabilities, along x, then y, then z, in float32; the Gaussian ends
/// 3.5 sigmas from its centre. An axis whose sigma is 0 is not smoothed. Values beyond the edge of `padded`
/// are reflected, without repeating the edge voxel.
///
/// \tparam Stored             std::uint8_t or float, see stored_probability.
/// \param padded              z, y, x: the owned box with smoothing_halo(sigma) around it, cut off at the
///                            volume's edge only.
/// \param owned_begin, owned  Where the owned box begins in `padded`, and its extent.
/// \param sigma               In voxels, each >= 0.
/// \param threads             That share the work.
/// \returns                   S(p) of the owned box: the same bits as if the whole volume were smoothed at
///                            once.
/// \throws                    std::bad_alloc
template <class Stored>
Array3<float> smooth(const View3<const Stored>& padded, const LocalVoxel& owned_begin, const Extent& owned,
                     const PerAxis<double>& sigma, int threads = 1);

extern template Array3<float> smooth(const View3<const std::uint8_t>&, const LocalVoxel&, const Extent&,
                                     const PerAxis<double>&, int);
extern template Array3<float> smooth(const View3<const float>&, const LocalVoxel&, const Extent&,
                                     const PerAxis<double>&, int);

/// Bytes that smooth allocates for boxes of these extents: its result is included, `padded` is not.
std::int64_t smoothing_bytes(const Extent& owned, const Extent& padded, const PerAxis<double>& sigma,
                             int threads);

}  // namespace cleft
