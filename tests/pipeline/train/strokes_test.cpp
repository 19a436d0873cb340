#include "pipeline/train/strokes.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

TEST(Strokes, AreTheComponentsOfEachLabelsVoxels) {
  constexpr Extent extent{5, 12, 15};
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Random random(seed);
    Array3<std::uint8_t> labels(extent);
    for (auto& v : labels.voxels())
      v = static_cast<std::uint8_t>(random.below(9) < 2 ? 1 + random.below(2) : 0);
    std::vector<LabelledVoxel> voxels;
    for (std::int64_t i = 0; i < labels.size(); ++i)
      if (labels.data()[i] != 0) voxels.push_back({voxel_at(i, extent), labels.data()[i]});
    for (std::size_t i = voxels.size(); i > 1; --i)  // a table's rows come in any order
      std::swap(voxels[i - 1], voxels[random.below(static_cast<std::uint32_t>(i))]);
    // Both labels' components, numbered together by their first voxels.
    Array3<std::uint64_t> expected(extent);
    for (const std::uint8_t label : {std::uint8_t{1}, std::uint8_t{2}}) {
      Array3<std::uint8_t> mask(extent);
      for (std::int64_t i = 0; i < labels.size(); ++i) mask.data()[i] = labels.data()[i] == label ? 1 : 0;
      const auto components = test::flood_fill(mask.view(), Connectivity::twenty_six);
      for (std::int64_t i = 0; i < labels.size(); ++i)
        if (mask.data()[i] != 0) expected.data()[i] = 1000U * label + components.data()[i];
    }
    test::number_by_first_voxel(expected);
    const auto strokes = strokes_of(voxels);
    ASSERT_EQ(strokes.size(), voxels.size());
    for (std::size_t i = 0; i < voxels.size(); ++i)
      EXPECT_EQ(strokes[i] + 1, expected(voxels[i].voxel.z, voxels[i].voxel.y, voxels[i].voxel.x));
  }
}

TEST(Strokes, OfNothingThereAreNone) {
  EXPECT_TRUE(strokes_of({}).empty());
}

}  // namespace
}  // namespace cleft
