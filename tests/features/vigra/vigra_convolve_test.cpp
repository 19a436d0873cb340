#include "features/vigra/vigra_convolve.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "features/convolve.hpp"
#include "features/feature_test_support.hpp"

namespace cleft::features {
namespace {

using enum VigraArithmetic;

Array3<float> row_of(const std::vector<float>& values) {
  Array3<float> row({1, 1, static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), row.data());
  return row;
}

/// What a kernel of radius 1 makes of the middle one of three voxels.
float middle(VigraArithmetic arithmetic, const std::vector<double>& taps, const std::vector<float>& voxels) {
  const Array3<float> row = row_of(voxels);
  Array3<float> out({1, 1, 1});
  convolve(row.view(), {0, 0, 1}, out.view(), 2, {arithmetic, taps});
  return out(0, 0, 0);
}

TEST(VigraConvolve, LosesWhatItsArithmeticLoses) {
  const std::vector<float> far_apart{1e8F, 1.0F, -1e8F};
  EXPECT_EQ(middle(doubles, {1, 1, 1}, far_apart), 1.0F);
  EXPECT_EQ(middle(floats, {1, 1, 1}, far_apart), 0.0F);
  EXPECT_EQ(middle(rounded_products, {1, 1, 1}, far_apart), 0.0F);
  const double just_over = 1.0 + 0x1p-25, half_up = 1.0 + 0x1p-23;
  EXPECT_EQ(middle(doubles, {0, just_over, -1}, {0.0F, 1.0F, 1.0F}), 0x1p-25F);
  EXPECT_EQ(middle(rounded_products, {0, just_over, -1}, {0.0F, 1.0F, 1.0F}), 0.0F);
  // Half a unit in the last place of 3 is 2^-23: it matters whether the tap is rounded first.
  EXPECT_EQ(middle(rounded_products, {0, 1.0 + 0x1p-24 + 0x1p-30, 0}, {0.0F, 3.0F, 0.0F}), 3.0F + 0x1p-22F);
  EXPECT_EQ(middle(floats, {0, half_up, 0}, {0.0F, 3.0F, 0.0F}), 3.0F + 0x1p-21F);
}

TEST(VigraConvolve, AddsUpFromTheLeft) {
  // (2^24 + 1) + 1 stays at 2^24 in floats, (1 + 1) + 2^24 does not.
  EXPECT_EQ(middle(floats, {1, 1, 1}, {0x1p24F, 1.0F, 1.0F}), 0x1p24F);
  EXPECT_EQ(middle(floats, {1, 1, 1}, {1.0F, 1.0F, 0x1p24F}), 0x1p24F + 2.0F);
  EXPECT_EQ(middle(floats, {1, 10, 100}, {1.0F, 2.0F, 3.0F}), 321.0F);
}

/// The definition, voxel by voxel.
Array3<float> plain(const Array3<float>& in, int axis, const VigraKernel& kernel) {
  Array3<float> out(in.extent());
  const Extent n = in.extent();
  for (std::int64_t z = 0; z < n.z; ++z)
    for (std::int64_t y = 0; y < n.y; ++y)
      for (std::int64_t x = 0; x < n.x; ++x) {
        double exact = 0.0;
        float rounded = 0.0F;
        for (std::size_t k = 0; k < kernel.taps.size(); ++k) {
          PerAxis<std::int64_t> at{z, y, x};
          at[axis] = reflected(at[axis] + static_cast<std::int64_t>(k) - kernel.radius(), n[axis]);
          const float voxel = in(at.z, at.y, at.x);
          exact += kernel.taps[k] * voxel;
          rounded += kernel.arithmetic == floats ? static_cast<float>(kernel.taps[k]) * voxel
                                                 : static_cast<float>(kernel.taps[k] * voxel);
        }
        out(z, y, x) = kernel.arithmetic == doubles ? static_cast<float>(exact) : rounded;
      }
  return out;
}

TEST(VigraConvolve, GivesTheBitsOfItsDefinitionForWholesAndParts) {
  const Array3<float> in = test::random_image({7, 9, 150}, 3);
  const LocalVoxel first{2, 3, 40};
  const Extent part{4, 6, 71};
  for (const VigraArithmetic arithmetic : {doubles, floats, rounded_products})
    for (int axis = 0; axis < 3; ++axis)
      for (int order = 0; order < 3; ++order)
        for (const double sigma : {0.3, 1.0, 2.4}) {
          const VigraKernel kernel = vigra_kernel(arithmetic, order, sigma, 2.0);
          const Array3<float> expected = plain(in, axis, kernel);
          Array3<float> whole(in.extent()), some(part);
          convolve(in.view(), {}, whole.view(), axis, kernel);
          convolve(in.view(), first, some.view(), axis, kernel);
          EXPECT_EQ(test::differences(whole.view(), expected.view()), 0) << axis << ' ' << order;
          EXPECT_EQ(test::differences(some.view(), expected.view().part(first, part)), 0)
              << axis << ' ' << order;
        }
}

}  // namespace
}  // namespace cleft::features
