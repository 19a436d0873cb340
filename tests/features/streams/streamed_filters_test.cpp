#include "features/streams/streamed_filters.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "features/streams/stream_test_support.hpp"

namespace cleft::features {
namespace {

using test::PlainFilters;
using test::TileCase;
using test::TileOutputs;

/// How far the filters of a scale reach beyond a tile: the structure tensor reaches furthest.
Extent reach_of(const Scale& scale) {
  return filter_reach(FeatureKind::structure_tensor_eigenvalues, scale, FilterDialect::ilastik);
}

class StreamedTiles : public testing::TestWithParam<TileCase> {};

/// What is prepared for a block is smoothed along x and y only. Smoothing along z is left to the tiles, so
/// that as many sections more are prepared as it reaches.
TEST_P(StreamedTiles, StartFromAnImageSmoothedAlongXAndY) {
  const TileCase& tested = GetParam();
  const Scale scale = tested.scale();
  const Array3<float> image = test::random_volume(tested.image);
  const LocalBox limits = whole_array(tested.image);
  const LocalBox region = grown(tested.tile, reach_of(scale), limits);
  const StreamedFilters filters(scale);
  Arena arena(filters.prepare_floats(region.extent()));
  const Patch prepared = filters.prepare(image.view(), region, arena);

  const Extent along_z{presmoothing_reach(scale, FilterDialect::ilastik).z, 0, 0};
  const LocalBox covered = grown(region, along_z, limits);
  EXPECT_EQ(prepared.begin, covered.begin);
  EXPECT_EQ(prepared.values.extent(), covered.extent());
  PerAxis<double> sigmas = scale.presmoothing();
  sigmas.z = 0.0;
  const Array3<float> plain = PlainFilters::derivative(image, sigmas, {}, presmoothing_window);
  EXPECT_EQ(test::differences(prepared.values, plain.view().part(covered.begin, covered.extent())), 0);
}

TEST_P(StreamedTiles, HaveTheBitsOfTheDefinition) {
  const TileCase& tested = GetParam();
  const Scale scale = tested.scale();
  const Array3<float> image = test::random_volume(tested.image);
  const LocalBox region = grown(tested.tile, reach_of(scale), whole_array(tested.image));
  const StreamedFilters filters(scale);
  Arena of_block(filters.prepare_floats(region.extent()));
  const Patch prepared = filters.prepare(image.view(), region, of_block);

  TileOutputs outputs(test::all_kinds, scale, tested.tile.extent());
  ChannelArrays sink(outputs.views, tested.tile.begin);
  Arena arena(filters.tile_floats(test::all_kinds, tested.tile.extent()));
  filters.run(prepared, tested.tile, tested.image, outputs.list, sink, arena);
  EXPECT_EQ(arena.used(), 0);
  outputs.expect_plain(scale, PlainFilters(scale).smoothed_ahead(image), tested.tile);
}

/// Smoothing along z goes slab by slab: "Column" is longer than several of them, "Section" shorter than one.
INSTANTIATE_TEST_SUITE_P(
    Shapes, StreamedTiles,
    testing::Values(TileCase{"Inside", {1.6, 1.6, 1.6}, {20, 21, 50}, {{8, 9, 10}, {11, 13, 30}}},
                    TileCase{"WholeImage", {1.6, 1.2, 2.0}, {6, 7, 25}, {{0, 0, 0}, {6, 7, 25}}},
                    TileCase{"Column", {1.6, 0.7, 0.7}, {23, 5, 21}, {{1, 0, 2}, {22, 4, 20}}},
                    TileCase{"Section", {3.5, 1.0, 1.0}, {9, 6, 18}, {{8, 0, 0}, {9, 6, 18}}},
                    TileCase{"In2d", {0.0, 1.6, 1.6}, {6, 14, 30}, {{1, 3, 4}, {6, 14, 21}}},
                    TileCase{"WithoutY", {1.6, 0.0, 2.5}, {9, 4, 26}, {{2, 0, 3}, {9, 4, 26}}}),
    test::name_of);

/// The result of prepare stays in the arena; what was needed on the way is given back.
TEST(StreamedFilters, PlanTheMemoryOfABlockToTheFloat) {
  for (const PerAxis<double>& sigmas : {PerAxis<double>{1.6, 1.6, 1.6}, {0.0, 1.6, 1.6}}) {
    const StreamedFilters filters({.sigma = 1.6, .sigmas = sigmas});
    const Array3<float> image = test::random_volume({30, 31, 60});
    const LocalBox region{{10, 11, 12}, {15, 17, 40}};  // further from the edges than presmoothing reaches
    const std::int64_t floats = filters.prepare_floats(region.extent());
    Arena arena(floats), small(floats - 1);
    filters.prepare(image.view(), region, arena);
    EXPECT_EQ(arena.used(), filters.prepared_floats(region.extent()));
    EXPECT_THROW(filters.prepare(image.view(), region, small), InternalError);
  }
}

}  // namespace
}  // namespace cleft::features
