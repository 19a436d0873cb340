#include "features/streams/stream_plan.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/narrow.hpp"

namespace cleft::features {
namespace {

using testing::ElementsAre;

// A plan lists passes along x and y; the last pass, along the last filtered axis, is left to what uses the
// plan.
const std::vector<int> volume{2, 1, 0}, sections{2, 1}, without_y{2, 0}, without_x{1, 0};

/// Kernels that reach this far. Their taps do not matter here.
AxisKernels reaching(const PerAxis<int>& radii) {
  AxisKernels kernels;
  for (int axis = 0; axis < 3; ++axis) kernels[axis].radius = radii[axis];
  return kernels;
}

/// How an image came about: of which input, differentiated how often along x and y, and by which kernels.
struct Made {
  int input = -1;
  PerAxis<int> order{};
  const KernelSet* along_x = nullptr;
  const KernelSet* along_y = nullptr;
};

/// Follows a plan pass by pass and says of each image that reaches the last pass how it came about.
std::vector<Made> follow(const StreamPasses& passes) {
  std::vector<Made> after_x(to_size(passes.images_x));
  for (const PassOverImage& pass : passes.along_x) {
    EXPECT_LT(pass.source, passes.inputs);
    for (std::size_t order = 0; order < pass.target.size(); ++order) {
      if (pass.target[order] < 0) continue;
      Made& image = after_x.at(to_size(pass.target[order]));
      EXPECT_EQ(image.input, -1) << "made twice along x";
      image = {.input = pass.source, .order = {0, 0, narrow<int>(order)}, .along_x = pass.kernels};
    }
  }
  if (passes.ends_with_y) return after_x;
  std::vector<Made> after_y(to_size(passes.images_y));
  for (const PassOverImage& pass : passes.along_y)
    for (int i = 0; i < pass.images; ++i)
      for (std::size_t order = 0; order < pass.target.size(); ++order) {
        if (pass.target[order] < 0) continue;
        Made& image = after_y.at(to_size(pass.target[order] + i));
        EXPECT_EQ(image.input, -1) << "made twice along y";
        image = after_x.at(to_size(pass.source + i));
        image.order.y = narrow<int>(order);
        image.along_y = pass.kernels;
      }
  return after_y;
}

/// The gradient of a volume: the last pass, along z, needs the slope along x, the slope along y, and the
/// smoothed image, whose slope along z it takes itself.
TEST(StreamPlan, MakesWhatTheGradientOfAVolumeNeeds) {
  const AxisKernels kernels = reaching({2, 2, 2});
  const std::vector<Orders> images{{0, 0}, {1, 0}, {0, 1}};
  const StreamPlan plan = plan_derivatives(volume, kernels, images, nullptr);

  ASSERT_EQ(plan.passes.along_x.size(), 1U);  // both orders of one pass over the input
  EXPECT_THAT(plan.passes.along_x[0].target, ElementsAre(0, 1, -1));
  ASSERT_EQ(plan.passes.along_y.size(), 2U);
  EXPECT_EQ(plan.passes.along_y[0].source, 0);  // smoothed along x: smoothed and differentiated along y
  EXPECT_THAT(plan.passes.along_y[0].target, ElementsAre(0, 2, -1));
  EXPECT_EQ(plan.passes.along_y[1].source, 1);  // differentiated along x: smoothed along y
  EXPECT_THAT(plan.passes.along_y[1].target, ElementsAre(1, -1, -1));
  EXPECT_EQ(plan.last.image[0][0], 0);
  EXPECT_EQ(plan.last.image[1][0], 1);
  EXPECT_EQ(plan.last.image[0][1], 2);
}

/// Where z is not filtered, y is the last axis, and the passes end with x.
TEST(StreamPlan, LeavesYToTheLastPassInSections) {
  const AxisKernels kernels = reaching({0, 2, 2});
  const std::vector<Orders> images{{0, 0}, {1, 0}, {2, 0}};
  const StreamPlan plan = plan_derivatives(sections, kernels, images, nullptr);
  EXPECT_TRUE(plan.passes.ends_with_y);
  EXPECT_TRUE(plan.passes.along_y.empty());
  EXPECT_EQ(plan.passes.images_y, 0);
  ASSERT_EQ(plan.passes.along_x.size(), 1U);
  EXPECT_THAT(plan.passes.along_x[0].target, ElementsAre(0, 1, 2));
  EXPECT_EQ(plan.last.axes, 2);
  EXPECT_EQ(plan.last.kernels, &kernels.y);
}

/// Every derivative that filters may ask for, on every choice of axes.
TEST(StreamPlan, LeadsTheLastPassToTheDerivativesAskedFor) {
  const AxisKernels kernels = reaching({1, 2, 2});
  for (const auto& axes : {volume, sections, without_y, without_x}) {
    SCOPED_TRACE(testing::PrintToString(axes));
    std::vector<Orders> images{{0, 0}, {1, 0}, {2, 0}};
    if (axes.size() == 3) images.insert(images.end(), {{0, 1}, {0, 2}, {1, 1}});
    const StreamPlan plan = plan_derivatives(axes, kernels, images, nullptr);
    const std::vector<Made> made = follow(plan.passes);
    EXPECT_EQ(made.size(), images.size());  // none that nobody asked for
    EXPECT_EQ(plan.last.kernels, &kernels[axes.back()]);
    for (const auto& [first, second] : images) {
      PerAxis<int> order;
      order[axes[0]] = first;
      if (axes.size() == 3) order[axes[1]] = second;
      const int image = plan.last.image[to_size(first)][to_size(second)];
      const Made& found = made.at(to_size(image));
      EXPECT_EQ(found.order, order) << first << ", " << second;
      EXPECT_EQ(found.input, 0);
      EXPECT_EQ(found.along_x, &kernels.x);
      EXPECT_EQ(found.along_y, plan.passes.ends_with_y ? nullptr : &kernels.y);
    }
  }
}

/// All six derivatives of a volume start from three images that were filtered along x.
TEST(StreamPlan, SharesWhatDerivativesBeginWith) {
  const AxisKernels kernels = reaching({2, 2, 2});
  const std::vector<Orders> images{{0, 0}, {1, 0}, {0, 1}, {2, 0}, {0, 2}, {1, 1}};
  const StreamPasses passes = plan_derivatives(volume, kernels, images, nullptr).passes;
  EXPECT_EQ(passes.along_x.size(), 1U);
  EXPECT_EQ(passes.images_x, 3);
  EXPECT_EQ(passes.along_y.size(), 3U);  // one pass over each of them
  EXPECT_EQ(passes.images_y, 6);
}

/// A difference of Gaussians subtracts a second smoothing of the same input, with kernels of its own.
TEST(StreamPlan, SmoothesASecondTimeWithNarrowerKernels) {
  const AxisKernels kernels = reaching({2, 2, 2}), narrower = reaching({1, 1, 1});
  const std::vector<Orders> images{{0, 0}, {1, 0}};
  for (const auto& axes : {volume, sections}) {
    const StreamPlan plan = plan_derivatives(axes, kernels, images, &narrower);
    const std::vector<Made> made = follow(plan.passes);
    ASSERT_EQ(made.size(), 3U);
    const Made& smooth = made.at(to_size(plan.last.narrow_image));
    EXPECT_EQ(smooth.order, PerAxis<int>{});
    EXPECT_EQ(smooth.along_x, &narrower.x);
    EXPECT_EQ(smooth.along_y, plan.passes.ends_with_y ? nullptr : &narrower.y);
    EXPECT_EQ(plan.last.narrow, &narrower[axes.back()]);
    EXPECT_EQ(made.at(to_size(plan.last.image[0][0])).along_x, &kernels.x);
  }
}

TEST(StreamPlan, ReachesAsFarAsTheWidestKernelsTheLastPassIncluded) {
  const AxisKernels kernels = reaching({1, 2, 0}), narrower = reaching({0, 1, 0});
  const std::vector<Orders> images{{0, 0}};
  EXPECT_EQ(plan_derivatives(volume, kernels, images, &narrower).passes.reach, (Extent{1, 2, 0}));
  EXPECT_EQ(plan_smoothing(volume, kernels, 6).reach, (Extent{1, 2, 0}));
}

/// The structure tensor averages all entries of a matrix: so many inputs, and one pass along y over all of
/// them.
TEST(PlanSmoothing, TreatsAllImagesAlike) {
  const AxisKernels kernels = reaching({2, 2, 2});
  for (const auto& axes : {volume, sections}) {
    const int entries = axes.size() == 3 ? 6 : 3;
    const StreamPasses passes = plan_smoothing(axes, kernels, entries);
    EXPECT_EQ(passes.inputs, entries);
    EXPECT_EQ(passes.along_y.size(), passes.ends_with_y ? 0U : 1U);
    const std::vector<Made> made = follow(passes);
    ASSERT_EQ(made.size(), to_size(entries));
    for (int image = 0; image < entries; ++image) {
      EXPECT_EQ(made[to_size(image)].input, image);
      EXPECT_EQ(made[to_size(image)].order, PerAxis<int>{});
    }
  }
}

}  // namespace
}  // namespace cleft::features
