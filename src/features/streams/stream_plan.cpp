#include "features/streams/stream_plan.hpp"

#include "base/narrow.hpp"

namespace cleft {
namespace {

StreamPasses no_passes(const std::vector<int>& axes, const AxisKernels& kernels) {
  StreamPasses passes;
  passes.ends_with_y = axes.back() == 1;
  passes.reach = {kernels.z.radius, kernels.y.radius, kernels.x.radius};
  return passes;
}

/// Smooths an image along x and, unless y comes last, along y.
/// \returns The image that the last pass starts from.
int add_smoothing(StreamPasses& passes, int input, const AxisKernels& kernels) {
  const int after_x = passes.images_x++;
  passes.along_x.push_back({.source = input, .kernels = &kernels.x, .target = {after_x, -1, -1}});
  if (passes.ends_with_y) return after_x;
  const int after_y = passes.images_y++;
  passes.along_y.push_back({.source = after_x, .kernels = &kernels.y, .target = {after_y, -1, -1}});
  return after_y;
}

}  // namespace

StreamPlan plan_derivatives(const std::vector<int>& axes, const AxisKernels& kernels,
                            std::span<const Orders> images, const AxisKernels* narrower) {
  StreamPlan plan{.passes = no_passes(axes, kernels), .last = {}};
  StreamPasses& passes = plan.passes;
  PassOverImage along_x{.source = 0, .kernels = &kernels.x};
  std::array<PassOverImage, KernelSet::order_count> along_y;  // by order along x
  for (const auto& [first, second] : images) {
    PerAxis<int> order;
    if (axes.size() == 3) order[axes[1]] = second;
    order[axes[0]] = first;
    int& after_x = along_x.target[to_size(order.x)];
    if (after_x < 0) after_x = passes.images_x++;
    PassOverImage& pass = along_y[to_size(order.x)];
    pass.source = after_x;
    pass.kernels = &kernels.y;
    int& after_y = pass.target[to_size(order.y)];
    if (!passes.ends_with_y) after_y = passes.images_y++;
    plan.last.image[to_size(first)][to_size(second)] = passes.ends_with_y ? after_x : after_y;
  }
  passes.along_x.push_back(along_x);
  if (!passes.ends_with_y)
    for (const PassOverImage& pass : along_y)
      if (pass.kernels) passes.along_y.push_back(pass);

  plan.last.axes = narrow<int>(axes.size());
  plan.last.kernels = &kernels[axes.back()];
  if (narrower) {
    plan.last.narrow = &(*narrower)[axes.back()];
    plan.last.narrow_image = add_smoothing(passes, 0, *narrower);
  }
  return plan;
}

StreamPasses plan_smoothing(const std::vector<int>& axes, const AxisKernels& kernels, int images) {
  StreamPasses passes = no_passes(axes, kernels);
  passes.inputs = images;
  for (int image = 0; image < images; ++image) add_smoothing(passes, image, kernels);
  if (passes.ends_with_y) return passes;
  passes.along_y.resize(1);  // one pass for all
  passes.along_y.front().images = images;
  return passes;
}

}  // namespace cleft
