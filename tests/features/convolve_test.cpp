#include "features/convolve.hpp"

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"

namespace cleft {
namespace {

TEST(Reflected, MirrorsAtTheFirstAndLastVoxelWithoutRepeatingThem) {
  EXPECT_EQ(reflected(-1, 5), 1);
  EXPECT_EQ(reflected(-4, 5), 4);
  EXPECT_EQ(reflected(5, 5), 3);
  EXPECT_EQ(reflected(8, 5), 0);
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_EQ(reflected(i, 5), i);
}

/// The path of a ball between two walls: one step further in each direction, turning at the walls.
TEST(Reflected, GoesBackAndForthAsOftenAsNeeded) {
  for (const std::int64_t n : {2, 3, 7}) {
    std::int64_t at = 0, step = 1;
    for (std::int64_t i = 0; i < 40; ++i) {
      EXPECT_EQ(reflected(i, n), at) << i << " of " << n;
      EXPECT_EQ(reflected(-i, n), at) << -i << " of " << n;
      if (at + step < 0 || at + step >= n) step = -step;
      at += step;
    }
  }
}

TEST(Reflected, StaysOnTheOnlyVoxelOfAnAxis) {
  for (const std::int64_t i : {-3, -1, 0, 1, 100}) EXPECT_EQ(reflected(i, 1), 0);
}

struct Case {
  const char* name;
  Extent in;
  LocalVoxel first;
  Extent out;
  friend void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }
};

class ConvolveShapes : public testing::TestWithParam<Case> {};

TEST_P(ConvolveShapes, EveryTargetGivesTheBitsOfTheDefinition) {
  const auto& [name, in_extent, first, out_extent] = GetParam();
  const Array3<float> in = test::random_image(in_extent, 7);
  for (int axis = 0; axis < 3; ++axis)
    for (int order = 0; order < 3; ++order)
      for (const double sigma : {0.1, 0.5, 1.0, 2.3, 5.0}) {
        const Kernel kernel = gaussian_kernel(order, sigma, 2.0);
        Array3<float> expected(out_extent);
        reference::convolve(in.view(), first, expected.view(), axis, kernel);
        test::on_every_target([&] {
          Array3<float> found(out_extent);
          convolve(in.view(), first, found.view(), axis, kernel);
          EXPECT_EQ(test::differences(found.view(), expected.view()), 0)
              << "axis " << axis << ", order " << order << ", sigma " << sigma;
        });
      }
}

INSTANTIATE_TEST_SUITE_P(Shapes, ConvolveShapes,
                         testing::Values(Case{"Whole", {9, 10, 70}, {0, 0, 0}, {9, 10, 70}},
                                         Case{"Inside", {30, 28, 101}, {11, 12, 13}, {5, 4, 67}},
                                         Case{"AtTheEnd", {8, 9, 40}, {3, 4, 7}, {5, 5, 33}},
                                         Case{"ShorterThanTheKernel", {2, 3, 4}, {0, 0, 0}, {2, 3, 4}},
                                         Case{"OneVoxelThin", {1, 1, 1}, {0, 0, 0}, {1, 1, 1}},
                                         Case{"OneSection", {1, 6, 130}, {0, 1, 1}, {1, 4, 128}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Convolve, WritesNothingOutsideItsResult) {
  const Array3<float> in = test::random_image({4, 5, 60}, 3);
  const Kernel kernel = gaussian_kernel(0, 1.0, 3.5);
  test::on_every_target([&] {
    for (std::int64_t width = 1; width <= 40; ++width) {
      Array3<float> out({4, 5, 60});
      out.fill(-7.0F);
      convolve(in.view(), {1, 1, 5}, out.view().part({1, 1, 5}, {2, 3, width}), 2, kernel);
      std::int64_t touched = 0;
      for (const float v : out.voxels()) touched += v != -7.0F;
      EXPECT_EQ(touched, 2 * 3 * width);
    }
  });
}

TEST(Convolve, DoesNotDependOnWhichPartIsAskedFor) {
  const Array3<float> in = test::random_image({12, 13, 90}, 5);
  for (int axis = 0; axis < 3; ++axis) {
    const Kernel kernel = gaussian_kernel(1, 3.0, 3.5);
    Array3<float> whole(in.extent());
    convolve(in.view(), {}, whole.view(), axis, kernel);
    for (const LocalVoxel first : {LocalVoxel{0, 0, 0}, LocalVoxel{3, 2, 1}, LocalVoxel{11, 12, 71}}) {
      const Extent extent{1, 1, 19};
      Array3<float> part(extent);
      convolve(in.view(), first, part.view(), axis, kernel);
      EXPECT_EQ(test::differences(part.view(), whole.view().part(first, extent)), 0);
    }
  }
}

TEST(Convolve, KeepsConstantsAndMeasuresSlopes) {
  Array3<float> ramp({20, 20, 20});
  for (std::int64_t z = 0; z < 20; ++z)
    for (std::int64_t y = 0; y < 20; ++y)
      for (std::int64_t x = 0; x < 20; ++x) ramp(z, y, x) = static_cast<float>(2 * z - 3 * y + 5 * x);
  const float slopes[] = {2.0F, -3.0F, 5.0F};
  for (int axis = 0; axis < 3; ++axis) {
    Array3<float> slope({4, 4, 4}), smooth({4, 4, 4}), curvature({4, 4, 4});
    convolve(ramp.view(), {8, 8, 8}, slope.view(), axis, gaussian_kernel(1, 2.0, 3.5));
    convolve(ramp.view(), {8, 8, 8}, smooth.view(), axis, gaussian_kernel(0, 2.0, 3.5));
    convolve(ramp.view(), {8, 8, 8}, curvature.view(), axis, gaussian_kernel(2, 2.0, 3.5));
    for (std::int64_t i = 0; i < 4; ++i) {
      EXPECT_NEAR(slope(i, 3 - i, 1), slopes[axis], 1e-4);
      EXPECT_NEAR(smooth(i, 3 - i, 1), ramp(8 + i, 11 - i, 9), 1e-4);
      EXPECT_NEAR(curvature(i, 3 - i, 1), 0.0, 1e-3);
    }
  }
}

}  // namespace
}  // namespace cleft
