#pragma once

#include <cstdint>
#include <vector>

#include "base/narrow.hpp"

namespace cleft::features {

/// The three ways in which VIGRA 1.11's filters of float images round. ilastik 1.2 ran those filters, and its
/// features are reproduced to the bit only by rounding alike. In each of them the result of a pass along one
/// axis is rounded to float.
enum class VigraArithmetic {
  doubles,           ///< smoothing: taps, products and sums are doubles
  floats,            ///< gradient, Laplacian, Hessian: taps (from sampling on), products and sums are floats
  rounded_products,  ///< averaging of the structure tensor: taps are doubles, each product is rounded to
                     ///< float, and so is each sum
};

/// One of VIGRA's Gaussian kernels. Both halves are kept, since rounding may make them a little different.
struct VigraKernel {
  VigraArithmetic arithmetic = VigraArithmetic::doubles;
  std::vector<double> taps{1.0};  ///< taps[i] belongs to the voxel i - radius() to the right

  std::int64_t radius() const { return narrow<std::int64_t>(taps.size()) / 2; }
};

/// Samples the kernel, takes a derivative's mean off it and normalises it: order 0 has sum 1, order 1 gives 1
/// on a ramp x, order 2 gives 1 on the parabola x*x/2. It reaches vigra_kernel_radius(sigma, window) voxels.
/// Definition: VIGRA 1.11, Kernel1D.
/// \param order  0, 1 or 2.
/// \param sigma  In voxels, above 0.
VigraKernel vigra_kernel(VigraArithmetic arithmetic, int order, double sigma, double window);

}  // namespace cleft::features
