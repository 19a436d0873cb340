#pragma once

#include <cstdint>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {

/// Taps of a sampled Gaussian (order 0) or of one of its derivatives (order 1, 2). Only the centre and the
/// half to its right are kept, since orders 0 and 2 are even and order 1 is odd; see `convolve` for how they
/// are applied.
struct Kernel {
  int order = 0;
  std::vector<float> taps{1.0F};  ///< taps[k] belongs to the voxels k to the left and k to the right

  std::int64_t radius() const { return narrow<std::int64_t>(taps.size()) - 1; }
  bool is_identity() const { return taps.size() == 1; }
};

/// How far a kernel reaches: floor(window * sigma + 0.5) voxels.
/// \pre sigma >= 0, window > 0
std::int64_t kernel_radius(double sigma, double window);

/// How far VIGRA's kernels reach: the same, but at least 1 voxel; 0 for sigma 0.
/// \pre sigma >= 0, window > 0
std::int64_t vigra_kernel_radius(double sigma, double window);

/// Samples the kernel and normalises it: order 0 has sum 1, order 1 has slope 1 on a ramp x, order 2 has sum
/// 0 and gives 1 on the parabola x*x/2. Sums are doubles, each stored tap is rounded to float. With a radius
/// of 0 it is the identity, whatever the order. Definition: the ilastik feature filters (VIGRA's Gaussian
/// kernels with float taps).
/// \param order   0, 1 or 2.
/// \param sigma   In voxels.
/// \param window  Where the kernel ends, in sigmas; see kernel_radius.
/// \pre           sigma > 0 unless the radius is 0.
/// \throws        std::bad_alloc alone
Kernel gaussian_kernel(int order, double sigma, double window);

}  // namespace cleft
