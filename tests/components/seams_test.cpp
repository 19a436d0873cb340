#include "components/seams.hpp"

#include <cstdlib>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "support/masks.hpp"

namespace cleft {
namespace {

using test::all_connectivities;
using test::name_of;

int axes_of(const Extent& step) {
  return static_cast<int>(std::abs(step.z) + std::abs(step.y) + std::abs(step.x));
}

/// The box that lies next to `box` in one direction; as long as `box` along the seam, `depth` voxels deep
/// across it.
Box neighbour_box(const Box& box, const Extent& direction, std::int64_t depth) {
  const auto interval = [depth](std::int64_t step, std::int64_t begin, std::int64_t end) {
    return step > 0   ? std::pair(end, end + depth)
           : step < 0 ? std::pair(begin - depth, begin)
                      : std::pair(begin, end);
  };
  Box there;
  std::tie(there.begin.z, there.end.z) = interval(direction.z, box.begin.z, box.end.z);
  std::tie(there.begin.y, there.end.y) = interval(direction.y, box.begin.y, box.end.y);
  std::tie(there.begin.x, there.end.x) = interval(direction.x, box.begin.x, box.end.x);
  return there;
}

struct PlacedBlock {
  Box owned;
  LabelledBlock block;
};

PlacedBlock random_block(const Box& owned, double p, std::uint64_t seed, Connectivity connectivity) {
  return {owned, label_block(test::random_mask(owned.extent(), p, seed).view(), connectivity)};
}

/// Local component of a voxel of the volume; -1 outside the mask or the block.
std::int64_t component_at(const PlacedBlock& placed, const GlobalVoxel& p) {
  if (!placed.owned.contains(p)) return -1;
  const LocalVoxel local = placed.owned.local(p);
  for (const VoxelRun& run : placed.block.runs.row(local.z, local.y))
    if (run.begin <= local.x && local.x < run.end) return run.component;
  return -1;
}

/// Touching components by looking at every voxel of `here` and all its neighbours in `there`.
std::vector<ComponentPair> by_voxels(const PlacedBlock& here, const PlacedBlock& there,
                                     Connectivity connectivity) {
  std::set<ComponentPair> pairs;
  for (std::int64_t n = 0; n < voxel_count(here.owned.extent()); ++n) {
    const GlobalVoxel p = here.owned.begin + (voxel_at(n, here.owned.extent()) - GlobalVoxel{});
    for (std::int64_t k = 0; k < 27; ++k) {
      const Extent step{k / 9 - 1, k / 3 % 3 - 1, k % 3 - 1};
      if (axes_of(step) > static_cast<int>(connectivity)) continue;
      const auto a = component_at(here, p), b = component_at(there, p + step);
      if (a >= 0 && b >= 0) pairs.insert({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)});
    }
  }
  return {pairs.begin(), pairs.end()};
}

std::vector<ComponentPair> by_layers(const PlacedBlock& here, const PlacedBlock& there,
                                     const Extent& direction, Connectivity connectivity) {
  return touching_components(boundary_layer(here.block.runs, here.owned, direction),
                             boundary_layer(there.block.runs, there.owned, -1 * direction), connectivity);
}

TEST(ForwardDirectionsTest, MeetEachKindOfNeighbourOnce) {
  for (const auto connectivity : all_connectivities) {
    std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> seen;
    for (const Extent& d : forward_directions(connectivity)) {
      EXPECT_LE(axes_of(d), static_cast<int>(connectivity));
      EXPECT_LT(BlockIndex{}, BlockIndex{} + d) << "a later block";
      seen.insert({d.z, d.y, d.x});
      seen.insert({-d.z, -d.y, -d.x});
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(neighbour_count(connectivity)));
  }
}

TEST(BoundaryLayerTest, IsThePlaneNextToTheNeighbour) {
  Array3<std::uint8_t> mask({2, 2, 4});
  mask.fill(1);
  mask(0, 0, 2) = 0;
  const auto block = label_block(mask.view(), Connectivity::six);
  const Box owned{{10, 20, 30}, {12, 22, 34}};
  EXPECT_EQ(boundary_layer(block.runs, owned, {-1, 0, 0}),
            (std::vector<LayerRun>{{10, 20, 30, 32, 0}, {10, 20, 33, 34, 0}, {10, 21, 30, 34, 0}}));
  EXPECT_EQ(boundary_layer(block.runs, owned, {0, 1, 0}),
            (std::vector<LayerRun>{{10, 21, 30, 34, 0}, {11, 21, 30, 34, 0}}));
  EXPECT_EQ(boundary_layer(block.runs, owned, {-1, 0, 1}),
            (std::vector<LayerRun>{{10, 20, 33, 34, 0}, {10, 21, 33, 34, 0}}));
  EXPECT_EQ(boundary_layer(block.runs, owned, {1, -1, -1}), (std::vector<LayerRun>{{11, 20, 30, 31, 0}}));
}

TEST(BoundaryLayerTest, OfAThinBlockHoldsTheSameRunsBothWays) {
  const auto thin = random_block({{5, 0, 0}, {6, 7, 9}}, 0.5, 1, Connectivity::eighteen);
  const auto up = boundary_layer(thin.block.runs, thin.owned, {1, 0, 0});
  EXPECT_EQ(up, boundary_layer(thin.block.runs, thin.owned, {-1, 0, 0}));
  EXPECT_EQ(up.size(), thin.block.runs.all().size());
}

TEST(BoundaryLayerTest, OfAnEmptyBlockIsEmpty) {
  const auto empty = random_block(whole_box({3, 3, 3}), 0, 1, Connectivity::six);
  EXPECT_TRUE(boundary_layer(empty.block.runs, empty.owned, {1, 0, 0}).empty());
}

TEST(SeamsTest, TouchingComponentsAreThoseOfTouchingVoxels) {
  std::uint64_t seed = 0;
  for (const auto connectivity : all_connectivities) {
    for (const Extent& direction : forward_directions(connectivity)) {
      for (const Extent& shape : {Extent{5, 6, 7}, Extent{1, 6, 7}, Extent{5, 1, 7}, Extent{5, 6, 1},
                                  Extent{1, 1, 9}, Extent{1, 1, 1}}) {
        for (const double p : {0.15, 0.4, 0.9}) {
          const Box owned{{100, 200, 300}, GlobalVoxel{100, 200, 300} + shape};
          const auto here = random_block(owned, p, ++seed, connectivity);
          const auto there = random_block(neighbour_box(owned, direction, 3), p, ++seed, connectivity);
          EXPECT_EQ(by_layers(here, there, direction, connectivity), by_voxels(here, there, connectivity))
              << name_of(connectivity) << " neighbours, " << to_string(shape) << " towards "
              << to_string(direction) << ", p " << p;
        }
      }
    }
  }
}

TEST(SeamsTest, OnePairHoweverOftenTwoComponentsTouch) {
  const Box owned = whole_box({4, 4, 9});
  const auto here = random_block(owned, 1, 1, Connectivity::twenty_six);
  const auto there = random_block(neighbour_box(owned, {1, 0, 0}, 4), 1, 1, Connectivity::twenty_six);
  EXPECT_EQ(by_layers(here, there, {1, 0, 0}, Connectivity::twenty_six),
            (std::vector<ComponentPair>{{0, 0}}));
}

}  // namespace
}  // namespace cleft
