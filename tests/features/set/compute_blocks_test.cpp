#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"

namespace cleft {
namespace {

/// Scales of which one is 2D and repeated from neighbouring sections.
FeatureSet rich_set(FilterDialect dialect) {
  FeatureSelection selection = test::selection_of(test::all_kinds, {0.7, 1.6});
  selection.scales[0].dimensions = Dimensions::two;
  selection.sections = 1;
  selection.dialect = dialect;
  return {selection, std::nullopt};
}

struct Blocks {
  const char* name;
  Extent block;
  FilterDialect dialect = FilterDialect::ilastik;
  friend void PrintTo(const Blocks& tested, std::ostream* out) { *out << tested.name; }
};

class FeaturesOfBlocks : public testing::TestWithParam<Blocks> {};

TEST_P(FeaturesOfBlocks, AreThoseOfTheWholeVolume) {
  const Extent volume_extent{17, 20, 30}, block = GetParam().block;
  const FeatureSet set = rich_set(GetParam().dialect);
  const Array3<float> volume = test::random_volume(volume_extent);
  const test::Channels whole = test::features_of(set, volume.view());
  std::vector<std::int64_t> differing(whole.images.size());
  for (std::int64_t z = 0; z < volume_extent.z; z += block.z)
    for (std::int64_t y = 0; y < volume_extent.y; y += block.y)
      for (std::int64_t x = 0; x < volume_extent.x; x += block.x) {
        const GlobalVoxel begin{z, y, x};
        const Box box = intersection({begin, begin + block}, whole_box(volume_extent));
        const test::Channels part = test::features_of(set, volume.view(), box, set.halo());
        for (std::size_t c = 0; c < differing.size(); ++c)
          differing[c] +=
              test::differences(part.images[c].view(), whole.images[c].view().part({z, y, x}, box.extent()));
      }
  const auto names = set.channel_names();
  for (std::size_t c = 0; c < differing.size(); ++c) EXPECT_EQ(differing[c], 0) << names[c];
}

INSTANTIATE_TEST_SUITE_P(Shapes, FeaturesOfBlocks,
                         testing::Values(Blocks{"Divides", {17, 10, 15}}, Blocks{"DoesNotDivide", {6, 7, 11}},
                                         Blocks{"Exceeds", {100, 100, 100}},
                                         Blocks{"OneSection", {1, 20, 30}}, Blocks{"OneColumn", {17, 20, 1}},
                                         Blocks{"SingleRows", {5, 1, 30}},
                                         Blocks{"OldDialect", {6, 7, 11}, FilterDialect::ilastik_1_2}),
                         [](const auto& tested) { return std::string(tested.param.name); });

/// At corners, edges and inside, on every target.
TEST(FeaturesOfOneVoxel, AreThoseOfTheWholeVolume) {
  const Extent extent{11, 12, 21};
  const FeatureSet set = rich_set(FilterDialect::ilastik);
  const Array3<float> volume = test::random_volume(extent);
  const test::Channels whole = test::features_of(set, volume.view());
  test::on_every_target([&] {
    for (const GlobalVoxel& v :
         {GlobalVoxel{0, 0, 0}, {10, 11, 20}, {0, 5, 20}, {5, 0, 7}, {10, 6, 10}, {5, 6, 10}}) {
      const test::Channels one = test::features_of(set, volume.view(), {v, v + Extent{1, 1, 1}}, set.halo());
      for (std::size_t c = 0; c < one.images.size(); ++c)
        EXPECT_EQ(one.images[c](0, 0, 0), whole.images[c](v.z, v.y, v.x)) << c;
    }
  });
}

struct Tight {
  std::string name;
  FeatureSet set;
  friend void PrintTo(const Tight& tested, std::ostream* out) { *out << tested.name; }
};

class Halo : public testing::TestWithParam<Tight> {};

/// How many values of a box inside the volume differ from the right ones with this halo.
std::int64_t differing(const FeatureSet& set, View3<const float> volume, const Box& box, const Extent& halo) {
  const test::Channels right = test::features_of(set, volume, box, volume.extent());
  const test::Channels found = test::features_of(set, volume, box, halo);
  std::int64_t count = 0;
  for (std::size_t c = 0; c < right.images.size(); ++c)
    count += test::differences(found.images[c].view(), right.images[c].view());
  return count;
}

TEST_P(Halo, IsEnoughAndNotOneVoxelTooMuch) {
  const FeatureSet& set = GetParam().set;
  const Extent halo = set.halo(), box_extent{3, 3, 5}, room = halo + Extent{2, 2, 2};
  const Array3<float> volume = test::random_volume(box_extent + 2 * room, 99);
  const GlobalVoxel begin{room.z, room.y, room.x};
  const Box box{begin, begin + box_extent};
  EXPECT_EQ(differing(set, volume.view(), box, halo), 0);
  EXPECT_EQ(differing(set, volume.view(), box, halo + Extent{1, 1, 1}), 0);
  for (int axis = 0; axis < 3; ++axis) {
    if (halo[axis] == 0) continue;
    Extent less = halo;
    --less[axis];
    EXPECT_GT(differing(set, volume.view(), box, less), 0) << "axis " << axis;
  }
}

/// Every filter alone, at every named scale.
void add_single_filters(FilterDialect dialect, const std::string& prefix, std::vector<Tight>& sets) {
  for (const auto& [scale, sigma] : named_scales)
    for (const FeatureKind kind : test::all_kinds) {
      FeatureSelection selection = test::selection_of({kind}, {sigma});
      selection.dialect = dialect;
      sets.push_back({prefix + std::string(scale) + "_" + std::to_string(static_cast<int>(kind)),
                      {selection, std::nullopt}});
    }
}

/// Single filters; then sets of several.
std::vector<Tight> tight_sets() {
  std::vector<Tight> sets;
  add_single_filters(FilterDialect::ilastik, "", sets);
  add_single_filters(FilterDialect::ilastik_1_2, "old_", sets);
  sets.push_back({"rich", rich_set(FilterDialect::ilastik)});
  sets.push_back({"old_rich", rich_set(FilterDialect::ilastik_1_2)});
  FeatureOptions sections;
  sections.dimensions = Dimensions::two;
  sections.sections = 2;
  sets.push_back({"sections", {sections, std::nullopt}});
  FeatureOptions nm;
  nm.sigma_unit = SigmaUnit::nm;
  nm.texture = nm.color = nm.edge = {16.0};
  sets.push_back({"nm", {nm, VoxelSize{45.0, 5.0, 4.6}}});
  return sets;
}

INSTANTIATE_TEST_SUITE_P(Sets, Halo, testing::ValuesIn(tight_sets()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace cleft
