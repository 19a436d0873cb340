#pragma once

#include <array>
#include <cstdint>

#include "features/gaussian.hpp"

namespace cleft::features {

/// The kernels of one axis by order, in the fixed shape that row passes work with.
struct KernelSet {
  static constexpr int largest_radius = 2;
  static constexpr int order_count = 3;

  int radius = 0;
  /// By order: what Kernel::taps holds. The identity where nothing was set.
  std::array<std::array<float, largest_radius + 1>, order_count> taps{{{1.0F}, {1.0F}, {1.0F}}};

  /// Gaussian kernels of order 0 to 2; the identity for sigma 0, an axis that is not filtered.
  /// \throws InternalError when they reach further than `largest_radius`.
  static KernelSet gaussian(double sigma, double window);
};

/// Where a pass along y or z finds the rows it combines, for several images: the row at the result's place
/// and its neighbours along the axis, from `radius` rows before it to `radius` rows after it.
struct NeighbourRows {
  std::array<const float*, 2 * KernelSet::largest_radius + 1>
      begin{};                    ///< of image 0, in the order along the axis
  std::int64_t image_stride = 0;  ///< floats from an image to the next
};

}  // namespace cleft::features
