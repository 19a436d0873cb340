#include "features/passes/derivatives.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "features/convolve.hpp"
#include "features/feature_test_support.hpp"

namespace cleft::features {
namespace {

/// One derivative of a whole image, axis by axis over all of it.
Array3<float> one_by_one(View3<const float> image, const SeparableKernels& kernels,
                         const PerAxis<int>& order) {
  Array3<float> result = Array3<float>::copy_of(image);
  for (const int axis : kernels.axes) {
    Array3<float> next(image.extent());
    const auto& of_order = kernels.of_axis[static_cast<std::size_t>(axis)];
    cleft::reference::convolve(result.view(), {}, next.view(), axis,
                               std::get<Kernel>(of_order[static_cast<std::size_t>(order[axis])]));
    result = std::move(next);
  }
  return result;
}

TEST(SeparableKernels, PassAlongXThenYThenZ) {
  const SeparableKernels kernels({1.0, 2.0, 3.0}, 2.0, 1);
  EXPECT_EQ(kernels.axes, (std::vector<int>{2, 1, 0}));
  EXPECT_EQ(kernels.reach, (Extent{2, 4, 6}));
  for (const auto& orders : kernels.of_axis) {
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(std::get<Kernel>(orders[1]).order, 1);
  }
}

TEST(SeparableKernels, LeaveAxesWithoutSigmaOut) {
  const SeparableKernels kernels({0.0, 2.0, 1.0}, 2.0, 0);
  EXPECT_EQ(kernels.axes, (std::vector<int>{2, 1}));
  EXPECT_EQ(kernels.reach, (Extent{0, 4, 2}));
  EXPECT_TRUE(kernels.of_axis[0].empty());
}

/// All derivatives up to order 2 of the axes that are filtered.
std::vector<PerAxis<int>> orders_of(const SeparableKernels& kernels) {
  std::vector<PerAxis<int>> all;
  for (int z = 0; z < 3; ++z)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 3; ++x) {
        const PerAxis<int> order{z, y, x};
        bool possible = z + y + x <= 2;
        for (int axis = 0; axis < 3; ++axis)
          possible = possible && (kernels.reach[axis] > 0 || order[axis] == 0);
        if (possible) all.push_back(order);
      }
  return all;
}

class Derive : public testing::TestWithParam<PerAxis<double>> {};

TEST_P(Derive, SharesPassesWithoutChangingABit) {
  const SeparableKernels kernels(GetParam(), 2.0, 2);
  const Extent limits{11, 12, 40};
  const Array3<float> image = test::random_volume(limits);
  for (const LocalBox& region :
       {whole_array(limits), LocalBox{{4, 5, 9}, {7, 7, 30}}, LocalBox{{10, 0, 0}, {11, 12, 5}}}) {
    const LocalBox needed = grown(region, kernels.reach, whole_array(limits));  // no more than this is given
    const Array3<float> given = Array3<float>::copy_of(image.view().part(needed.begin, needed.extent()));
    std::vector<Array3<float>> images;
    std::vector<Derivative> wanted;
    for (const PerAxis<int>& order : orders_of(kernels)) {
      images.emplace_back(region.extent());
      wanted.push_back({order, images.back().view()});
    }
    Arena arena(2 * Arena::floats(region.extent() + 2 * kernels.reach));
    derive({given.view(), needed.begin}, region, limits, kernels, wanted, arena);
    EXPECT_EQ(arena.used(), 0);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const Array3<float> right = one_by_one(image.view(), kernels, wanted[i].order);
      EXPECT_EQ(test::differences(images[i].view(), right.view().part(region.begin, region.extent())), 0)
          << i;
    }
  }
}

TEST_P(Derive, PresmoothsLikeASmoothingDerivative) {
  const SeparableKernels kernels(GetParam(), 3.5, 0);
  const Extent limits{13, 12, 34};
  const Array3<float> image = test::random_volume(limits);
  const Array3<float> right = one_by_one(image.view(), kernels, {});
  for (const LocalBox& region : {whole_array(limits), LocalBox{{5, 4, 7}, {7, 7, 27}}}) {
    Array3<float> out(region.extent());
    Arena arena(presmooth_floats(region.extent(), kernels.reach));
    presmooth(image.view(), region, kernels, out.view(), arena);
    EXPECT_EQ(arena.used(), 0);
    EXPECT_EQ(test::differences(out.view(), right.view().part(region.begin, region.extent())), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Sigmas, Derive,
                         testing::Values(PerAxis<double>{1.0, 1.0, 1.0}, PerAxis<double>{0.5, 1.0, 1.5},
                                         PerAxis<double>{0.0, 1.0, 1.0}, PerAxis<double>{1.0, 0.0, 0.7},
                                         PerAxis<double>{1.0, 0.7, 0.0}, PerAxis<double>{0.1, 0.7, 0.7}),
                         [](const auto& tested) { return "number_" + std::to_string(tested.index); });

}  // namespace
}  // namespace cleft::features
