#include "segmentation/split_stored.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "components/plain_split.hpp"
#include "support/masks.hpp"

namespace cleft::test {
namespace {

constexpr auto any = std::numeric_limits<std::int64_t>::max();

SynapseSums component_of(std::int64_t size, const CoreSums& cores, RatioStep decisive = 0) {
  SynapseSums sums;
  sums.component.size = size;
  sums.component.low = {5, 5, 5};
  sums.component.high = {5, 5, 15};
  sums.cores = cores;
  sums.decisive = decisive;
  return sums;
}

SplitSettings settings_of(Split by, const CandidateRule& candidates = {}) {
  SplitSettings settings;
  settings.rule = {{10, 30}, candidates};
  settings.split = {by, 100};
  settings.voxel_size = {1, 1, 10};
  return settings;
}

TEST(SplitStored, BeforeSplittingNothingIsTooLargeAndNoCandidateTooLow) {
  const ObjectRule rule = rule_before_splitting({{10, 30}, {5, 77}});
  EXPECT_EQ(rule.bounds.min, 10);
  EXPECT_EQ(rule.bounds.max, any);
  EXPECT_EQ(rule.candidates.max_count, any);
  EXPECT_EQ(rule.candidates.lowest, 77);
  EXPECT_FALSE(rule_before_splitting({{10, 30}, {}}).candidates.keeps_any());
}

TEST(SplitStored, MayBeSplitWhatIsLargeEnoughForTwoAndMayBecomeAnObject) {
  const auto by_distance = settings_of(Split::distance);
  EXPECT_TRUE(may_be_split(component_of(20, {1, 10, 10}), by_distance));
  EXPECT_TRUE(may_be_split(component_of(1000, {1, 10, 10}), by_distance)) << "its parts may fit";
  EXPECT_FALSE(may_be_split(component_of(19, {1, 10, 10}), by_distance));
  EXPECT_FALSE(may_be_split(component_of(20, {3, 27, 9}), by_distance));
  auto short_one = component_of(20, {1, 10, 10});
  short_one.component.high.x = 14;  // 90 nm from end to end
  EXPECT_FALSE(may_be_split(short_one, by_distance));
  const auto candidates = settings_of(Split::distance, {3, 50});
  EXPECT_TRUE(may_be_split(component_of(20, {}, 50), candidates));
  EXPECT_FALSE(may_be_split(component_of(20, {}, 49), candidates));
  const auto by_cores = settings_of(Split::cores);
  EXPECT_TRUE(may_be_split(component_of(40, {2, 20, 10}), by_cores));
  EXPECT_FALSE(may_be_split(component_of(40, {1, 20, 20}), by_cores));
  EXPECT_FALSE(may_be_split(component_of(40, {2, 19, 10}), by_cores));
}

TEST(SplitStored, ReadsWhatSmoothingAndTheMasksEdgeNeed) {
  const Extent volume{40, 100, 12};
  const auto boxes = boxes_to_split({{0, 20, 3}, {4, 30, 9}}, {0, 2, 1}, volume);
  EXPECT_EQ(boxes.box, (Box{{0, 19, 2}, {5, 31, 10}}));
  EXPECT_EQ(boxes.padded, (Box{{0, 12, 0}, {5, 38, 12}}));  // 7 = 3.5 sigma, and 4 = 3.5 sigma rounded
  EXPECT_EQ(boxes.around, (Box{{0, 12, 0}, {6, 38, 12}}));  // at least one voxel
}

/// Two cubes of 4 voxels a side, joined by a bar, in steps of a stored probability; and a third beside them
/// that reaches into their box.
template <class Stored>
Array3<Stored> dumb_bell(Stored high, Stored low) {
  Array3<Stored> stored({8, 10, 20});
  for_each_voxel(stored.extent(), [&](auto z, auto y, auto x) {
    const bool in_row = z >= 2 && z < 6 && y >= 2 && y < 6;
    if (in_row && ((x >= 1 && x < 5) || (x >= 11 && x < 15))) stored(z, y, x) = x == 1 ? low : high;
    if (z == 3 && y == 3 && x >= 5 && x < 11) stored(z, y, x) = low;
    if (z >= 3 && y >= 5 && x >= 7 && x < 10) stored(z, y, x) = high;
  });
  return stored;
}

template <class Stored>
void expect_halves(Stored high, Stored low) {
  const auto stored = dumb_bell<Stored>(high, low);
  const Extent volume = stored.extent();
  SplitSettings settings;
  settings.threshold = {.options = {.core_ratio = 3, .reference_ratio = 1},
                        .sigma = {0, 0, 0},
                        .connectivity = Connectivity::six};
  settings.rule = {{20, 1000}, {}};
  settings.voxel_size = {10, 10, 10};
  Array3<std::uint8_t> mask(volume);
  mask.fill(1);
  mask(0, 0, 16) = 0;  // beside the right one
  for (const Split by : {Split::distance, Split::cores}) {
    settings.split = {by, 50};
    const auto boxes = boxes_to_split({{2, 2, 1}, {6, 6, 15}}, settings.threshold.sigma, volume);
    const LocalVoxel begin{boxes.padded.begin.z, boxes.padded.begin.y, boxes.padded.begin.x};
    const LocalVoxel around{boxes.around.begin.z, boxes.around.begin.y, boxes.around.begin.x};
    const ComponentParts parts = split_stored<Stored>(
        {2, 2, 1}, boxes, std::as_const(stored).view().part(begin, boxes.padded.extent()),
        std::as_const(mask).view().part(around, boxes.around.extent()), settings, volume, 2);
    ASSERT_EQ(parts.sums.size(), 2U);
    EXPECT_EQ(parts.sums[0].component.size + parts.sums[1].component.size, 64 + 64 + 6);
    EXPECT_EQ(parts.sums[0].component.size, 64 + 3);
    EXPECT_EQ(parts.sums[0].component.first_voxel, linear_index(GlobalVoxel{2, 2, 1}, volume));
    EXPECT_EQ(parts.sums[1].component.first_voxel, linear_index(GlobalVoxel{2, 2, 11}, volume));
    EXPECT_EQ(parts.sums[0].cores, (CoreSums{1, 48, 48}));
    EXPECT_EQ(parts.sums[1].cores, (CoreSums{1, 64, 64}));
    EXPECT_EQ(parts.sums[0].component.at_mask_edge, 0U);
    EXPECT_EQ(parts.sums[1].component.at_mask_edge, 0U);
    std::int64_t voxels = 0;
    for (const RowRun& run : parts.runs) {
      voxels += run.end - run.begin;
      EXPECT_GT(stored(run.z, run.y, run.begin), low / 2);
    }
    EXPECT_EQ(voxels, 64 + 64 + 6);
    EXPECT_EQ(parts.runs.front(), (RowRun{2, 2, 1, 5, 0}));
    settings.rule.bounds.min = 68;  // the left one is too small
    EXPECT_TRUE(split_stored<Stored>({2, 2, 1}, boxes,
                                     std::as_const(stored).view().part(begin, boxes.padded.extent()),
                                     std::nullopt, settings, volume, 1)
                    .sums.empty());
    settings.rule.bounds.min = 20;
  }
}

TEST(SplitStored, MeasuresThePartsOfOneComponentAlone) {
  expect_halves<std::uint8_t>(230, 150);
  expect_halves<float>(0.9F, 0.6F);
}

}  // namespace
}  // namespace cleft::test
