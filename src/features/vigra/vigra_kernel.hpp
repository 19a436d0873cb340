#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/narrow.hpp"
#include "features/scale.hpp"

namespace cleft {

/// The three ways in which VIGRA 1.11's filters of float images round. ilastik 1.2 ran those filters, so its
/// features are reproduced to the bit only by rounding alike. Whichever it is, a pass along one axis ends in
/// floats.
enum class VigraArithmetic {
  doubles,           ///< smoothing: taps, products and sums are doubles
  floats,            ///< gradient, Laplacian, Hessian: taps (from sampling on), products and sums are floats
  rounded_products,  ///< averaging of the structure tensor: taps are doubles, each product is rounded to
                     ///< float, and so is each sum
};

/// What a filter step uses in this dialect; nothing where VIGRA's filters are not asked for.
std::optional<VigraArithmetic> vigra_arithmetic(StructureTensor dialect, VigraArithmetic arithmetic);

/// One of VIGRA's Gaussian kernels, whole: rounding may leave its halves a little different.
struct VigraKernel {
  VigraArithmetic arithmetic = VigraArithmetic::doubles;
  std::vector<double> taps{1.0};  ///< taps[i] belongs to the voxel i - radius() to the right of the result's

  std::int64_t radius() const { return narrow<std::int64_t>(taps.size()) / 2; }
};

/// How far such a kernel reaches: floor(window * sigma + 0.5) voxels, but at least 1; 0 for sigma 0.
/// \pre sigma >= 0, window > 0
std::int64_t vigra_kernel_radius(double sigma, double window);

/// Samples the kernel, takes a derivative's mean off it and normalises it: order 0 has sum 1, order 1 gives 1
/// on a ramp x, order 2 gives 1 on the parabola x*x/2. Definition: VIGRA 1.11, Kernel1D.
/// \param order  0, 1 or 2.
/// \param sigma  In voxels, above 0.
VigraKernel vigra_kernel(VigraArithmetic arithmetic, int order, double sigma, double window);

}  // namespace cleft
