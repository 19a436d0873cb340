#pragma once

#include "base/array3.hpp"
#include "features/vigra/vigra_kernel.hpp"

namespace cleft::features {

/// Convolves along one axis as VIGRA 1.11 does: products of taps and voxels are added up from the leftmost
/// voxel to the rightmost, in the kernel's arithmetic and without fused operations. Beyond the ends of `in`
/// values are reflected, see `reflected`. The same bits for any choice of `first` and extent.
///
/// \param in    z, y, x. Need not have the extent of `out`: voxel p of `out` is at first + p in `in`.
/// \param axis  0 = z, 1 = y, 2 = x.
/// \pre         `out` placed at `first` lies inside `in`, and the two share no memory.
void convolve(View3<const float> in, const LocalVoxel& first, View3<float> out, int axis,
              const VigraKernel& kernel);

}  // namespace cleft::features
