#include "features/scale_filters.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "feature_test_support.hpp"

namespace cleft {
namespace {

/// Outputs for a tile, with the memory behind them.
struct Outputs {
  Outputs(const std::vector<FeatureKind>& kinds, const Extent& tile) {
    for (const FeatureKind kind : kinds) {
      FeatureOutput output{.kind = kind, .channels = {}};
      for (auto& channel : output.channels) channel = images.emplace_back(tile).view();
      list.push_back(output);
    }
  }
  std::vector<Array3<float>> images;
  std::vector<FeatureOutput> list;
};

const Scale scale{.sigma = 1.6, .sigmas = {1.6, 1.6, 1.6}};
const Region tile{{5, 6, 7}, {4, 5, 20}};

Outputs run(const std::vector<FeatureKind>& kinds, View3<const float> smoothed, std::int64_t arena_floats) {
  Outputs outputs(kinds, tile.extent);
  Arena arena(arena_floats);
  ScaleFilters(scale, StructureTensor::ilastik)
      .run({smoothed, {}}, tile, smoothed.extent(), outputs.list, arena);
  EXPECT_EQ(arena.used(), 0);
  return outputs;
}

TEST(ScaleFilters, GiveAFeatureTheSameBitsAloneAndAmongOthers) {
  const Array3<float> smoothed = test::random_volume({14, 17, 34});
  const std::int64_t floats = ScaleFilters::tile_floats({3, 3, 3});
  const Outputs together = run(test::all_kinds, smoothed.view(), floats);
  for (std::size_t k = 0; k < test::all_kinds.size(); ++k) {
    const Outputs alone = run({test::all_kinds[k]}, smoothed.view(), floats);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ(test::differences(alone.images[i].view(), together.images[3 * k + i].view()), 0) << k;
  }
}

TEST(ScaleFilters, DoNotDependOnTheOrderOfFeatures) {
  const Array3<float> smoothed = test::random_volume({14, 17, 34});
  const std::int64_t floats = ScaleFilters::tile_floats({3, 3, 3});
  std::vector<FeatureKind> backwards(test::all_kinds.rbegin(), test::all_kinds.rend());
  const Outputs forth = run(test::all_kinds, smoothed.view(), floats),
                back = run(backwards, smoothed.view(), floats);
  const std::size_t last = backwards.size() - 1;
  for (std::size_t k = 0; k <= last; ++k)
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ(test::differences(forth.images[3 * k + i].view(), back.images[3 * (last - k) + i].view()), 0)
          << k;
}

}  // namespace
}  // namespace cleft
