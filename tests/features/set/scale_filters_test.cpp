#include "features/set/scale_filters.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "features/feature_test_support.hpp"

namespace cleft::features {
namespace {

/// Outputs for a tile, with the memory behind them: three images a feature, of which it uses those it has.
struct Outputs {
  Outputs(const std::vector<FeatureKind>& kinds, const Extent& tile, int axes = 3) {
    for (const FeatureKind kind : kinds) {
      FeatureOutput& output = list.emplace_back(FeatureOutput{.kind = kind});
      for (int i = 0; i < (has_eigenvalues(kind) ? axes : 1); ++i)
        output.channels[static_cast<std::size_t>(i)] = static_cast<int>(images.size()) + i;
      for (int i = 0; i < 3; ++i) images.emplace_back(tile);
    }
    for (auto& image : images) views.push_back(image.view());
  }
  std::vector<Array3<float>> images;
  std::vector<View3<float>> views;
  std::vector<FeatureOutput> list;
};

const Scale scale{.sigma = 1.6, .sigmas = {1.6, 1.6, 1.6}};
const LocalBox tile{{5, 6, 7}, {9, 11, 27}};

Outputs run(const std::vector<FeatureKind>& kinds, View3<const float> prepared, std::int64_t arena_floats) {
  Outputs outputs(kinds, tile.extent());
  Arena arena(arena_floats);
  ChannelArrays sink(outputs.views, tile.begin);
  ScaleFilters(scale, FilterDialect::ilastik)
      .run({prepared, {}}, tile, prepared.extent(), outputs.list, sink, arena);
  EXPECT_EQ(arena.used(), 0);
  return outputs;
}

TEST(ScaleFilters, GiveAFeatureTheSameBitsAloneAndAmongOthers) {
  const Array3<float> prepared = test::random_volume({14, 17, 34});
  const std::int64_t floats =
      ScaleFilters(scale, FilterDialect::ilastik).tile_floats(test::all_kinds, tile.extent());
  const Outputs together = run(test::all_kinds, prepared.view(), floats);
  for (std::size_t k = 0; k < test::all_kinds.size(); ++k) {
    const Outputs alone = run({test::all_kinds[k]}, prepared.view(), floats);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ(test::differences(alone.images[i].view(), together.images[3 * k + i].view()), 0) << k;
  }
}

TEST(ScaleFilters, DoNotDependOnTheOrderOfFeatures) {
  const Array3<float> prepared = test::random_volume({14, 17, 34});
  const std::int64_t floats =
      ScaleFilters(scale, FilterDialect::ilastik).tile_floats(test::all_kinds, tile.extent());
  std::vector<FeatureKind> backwards(test::all_kinds.rbegin(), test::all_kinds.rend());
  const Outputs forth = run(test::all_kinds, prepared.view(), floats),
                back = run(backwards, prepared.view(), floats);
  const std::size_t last = backwards.size() - 1;
  for (std::size_t k = 0; k <= last; ++k)
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ(test::differences(forth.images[3 * k + i].view(), back.images[3 * (last - k) + i].view()), 0)
          << k;
}

/// A tile, as far from the edges of its block as filters reach.
struct InnerTile {
  InnerTile(const Scale& s, FilterDialect dialect)
      : axes(s.active(0) + s.active(1) + s.active(2)), filters(s, dialect) {}

  /// \throws InternalError when the arena has no room.
  void run(const std::vector<FeatureKind>& kinds, std::int64_t floats) {
    Outputs outputs(kinds, extent, axes);
    Arena arena(floats);
    const LocalBox inside = box_at(LocalVoxel{margin, margin, margin}, extent);
    ChannelArrays sink(outputs.views, inside.begin);
    filters.run({prepared.view(), {}}, inside, prepared.extent(), outputs.list, sink, arena);
  }

  static constexpr std::int64_t margin = 8;
  static constexpr Extent extent{9, 16, 40};
  int axes;
  ScaleFilters filters;
  Array3<float> prepared = test::random_volume(extent + 2 * Extent{margin, margin, margin});
};

void expect_exact_plan(InnerTile& inner, const std::vector<FeatureKind>& kinds) {
  const std::int64_t floats = inner.filters.tile_floats(kinds, InnerTile::extent);
  EXPECT_NO_THROW(inner.run(kinds, floats));
  EXPECT_THROW(inner.run(kinds, floats - 1), InternalError) << floats;
}

TEST(ScaleFilters, PlanTheirMemoryToTheFloatForEveryChoiceOfFeatures) {
  InnerTile inner({.sigma = 0.3, .sigmas = {0.3, 0.3, 0.3}}, FilterDialect::ilastik);
  for (unsigned chosen = 2; chosen < 1U << test::all_kinds.size(); ++chosen) {  // 1: the smoothing alone
    SCOPED_TRACE(chosen);
    std::vector<FeatureKind> kinds;
    for (std::size_t k = 0; k < test::all_kinds.size(); ++k)
      if (chosen >> k & 1U) kinds.push_back(test::all_kinds[k]);
    expect_exact_plan(inner, kinds);
  }
}

TEST(ScaleFilters, PlanTheirMemoryToTheFloatAtEveryReach) {
  for (const PerAxis<double>& sigmas : {PerAxis<double>{0.3, 0.3, 0.3},
                                        {0.49, 0.49, 0.49},
                                        {1, 1, 1},
                                        {0, 0.3, 0.3},
                                        {0, 1, 1},
                                        {0.3, 0.9, 1}})
    for (const FilterDialect dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2}) {
      SCOPED_TRACE(testing::Message() << sigmas.z << ", " << sigmas.y << ", " << sigmas.x);
      InnerTile inner({.sigma = sigmas.x, .sigmas = sigmas}, dialect);
      expect_exact_plan(inner, test::all_kinds);
    }
}

}  // namespace
}  // namespace cleft::features
