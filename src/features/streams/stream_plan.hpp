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

/// The passes that make several derivatives of an image; each image on the way is made once.
struct StreamPlan {
  StreamPasses passes;
  LastPass last;  ///< starts from the images that those passes make
};

/// How often an image is differentiated along the first and the second filtered axis. The last axis is left
/// to the last pass; with two filtered axes the second order is 0.
using Orders = std::pair<int, int>;

/// Plans passes over one input image.
/// \param axes      The filtered axes, two or three (0 = z), in the order x, y, z.
/// \param kernels   The plan stores pointers to them; they must outlive it.
/// \param images    What the last pass is to start from, each once.
/// \param narrower  nullptr, or the kernels of a second smoothing of the input, which becomes image
///                  last.narrow_image; they must outlive the plan.
/// \pre             No kernel of `narrower` reaches further than that of `kernels`.
StreamPlan plan_derivatives(const std::vector<int>& axes, const AxisKernels& kernels,
                            std::span<const Orders> images, const AxisKernels* narrower);

/// Plans passes that smooth several input images with the same kernels. Image i before the last pass is made
/// of input i.
/// \param axes, kernels  As above.
StreamPasses plan_smoothing(const std::vector<int>& axes, const AxisKernels& kernels, int images);

}  // namespace cleft::features
