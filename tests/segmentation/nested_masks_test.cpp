#include "segmentation/nested_masks.hpp"

#include <type_traits>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

constexpr Extent extent{5, 7, 19};

template <class Stored>
void expect_masks_of_each_ratio(Background background) {
  Random random(3);
  Array3<Stored> stored(extent);
  Array3<float> smoothed(extent);
  for (std::size_t i = 0; i < stored.voxels().size(); ++i) {
    const double p = random.uniform() < 0.1 ? 1 : random.uniform();
    stored.voxels()[i] = static_cast<Stored>(std::is_same_v<Stored, float> ? p : 255 * p);
    smoothed.voxels()[i] = static_cast<float>(random.uniform() < 0.05 ? 1.0000001 : random.uniform());
  }
  const std::vector<double> ratios{0, 0.3, 1, 2, 2.5, 9, 1e9};
  for (const int threads : {1, 3}) {
    const auto masks = nested_masks<Stored>(smoothed.view(), stored.view(), background, ratios, threads);
    ASSERT_EQ(masks.size(), ratios.size());
    for (std::size_t r = 0; r < ratios.size(); ++r) {
      const auto expected = two_level_masks<Stored>(
          smoothed.view(), stored.view(),
          {.core_ratio = ratios[r], .reference_ratio = ratios[r], .background = background});
      const VoxelRuns runs(expected.core.view());
      EXPECT_EQ(std::vector(masks[r].all().begin(), masks[r].all().end()),
                std::vector(runs.all().begin(), runs.all().end()))
          << "ratio " << ratios[r];
      for (std::int64_t z = 0; z < extent.z; ++z)
        for (std::int64_t y = 0; y < extent.y; ++y)
          EXPECT_EQ(masks[r].row(z, y).size(), runs.row(z, y).size());
    }
    EXPECT_FALSE(masks[5].all().empty()) << "a test of nothing";
  }
}

TEST(NestedMasks, AreThoseOfEachRatioByItself) {
  for (const auto background : {Background::smoothed, Background::raw}) {
    expect_masks_of_each_ratio<std::uint8_t>(background);
    expect_masks_of_each_ratio<float>(background);
  }
}

TEST(NestedMasks, OfNoRatioAreNone) {
  const Array3<float> smoothed(extent);
  EXPECT_TRUE(nested_masks<float>(smoothed.view(), smoothed.view(), Background::smoothed, {}, 1).empty());
}

}  // namespace
}  // namespace cleft
