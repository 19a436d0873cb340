#pragma once

#include <span>
#include <utility>
#include <vector>

#include "features/passes/kernel_set.hpp"
#include "features/passes/row_passes.hpp"
#include "features/streams/row_stream.hpp"

namespace cleft::features {

/// Kernels of one filter step by axis; the identity on axes that are not filtered.
using AxisKernels = PerAxis<KernelSet>;

/// Which passes make some derivatives, each intermediate image once.
struct StreamPlan {
  StreamPasses passes;
  LastPass last;  ///< its images are those that the other passes make
};

/// Orders of an image's derivatives along the first and the second filtered axis, the last one left out.
using Orders = std::pair<int, int>;

/// \param axes     Filtered: two or three, in the order x, y, z.
/// \param kernels  The plan refers to them.
/// \param images   Each once; with two axes the second order is 0.
/// \param narrow   nullptr, or what another smoothing is made with, as image last.narrow_image.
StreamPlan plan_derivatives(const std::vector<int>& axes, const AxisKernels& kernels,
                            std::span<const Orders> images, const AxisKernels* narrow);

/// Smoothing of several images alike.
StreamPasses plan_smoothing(const std::vector<int>& axes, const AxisKernels& kernels, int images);

}  // namespace cleft::features
