#include "segmentation/drop_settled.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "support/blocked_mask.hpp"
#include "support/masks.hpp"

namespace cleft::test {
namespace {

constexpr Extent volume{12, 14, 16};
constexpr ObjectRule rule{{4, 20}, {}};
constexpr SizeBounds bounds = rule.bounds;

/// A block of two random masks, the core mask inside the reference mask, as threshold_block makes it.
class DropSettled : public testing::TestWithParam<Box> {
 protected:
  DropSettled() {
    for (std::size_t i = 0; i < core_mask.voxels().size(); ++i)
      core_mask.voxels()[i] = core_mask.voxels()[i] & reference_mask.voxels()[i];
    block.reference = label_block(reference_mask.view(), Connectivity::six);
    block.core = label_block(core_mask.view(), Connectivity::six);
    block.components = measure_block<std::uint8_t>(block.reference, box, reference_mask.view(), volume);
    block.cores = measure_cores(block.core, block.reference);
    Random random(4);
    std::vector<RatioStep> steps;
    for (const std::uint8_t inside : reference_mask.voxels())
      if (inside != 0) steps.push_back(static_cast<RatioStep>(random.below(300)));
    block.steps = highest_steps_of_components(block.reference, steps, rule.needed());
  }

  /// Whether any voxel has a neighbour in the volume but not in the block.
  bool goes_on(const Array3<std::uint64_t>& components, std::uint64_t component) const {
    for (std::int64_t i = 0; i < components.size(); ++i) {
      if (components.voxels()[static_cast<std::size_t>(i)] != component) continue;
      const GlobalVoxel p = voxel_at(i, components.extent()) + (box.begin - GlobalVoxel{});
      for (const Extent& step : {Extent{1, 0, 0}, Extent{0, 1, 0}, Extent{0, 0, 1}})
        for (const GlobalVoxel& q : {p + step, p - step})
          if (whole_box(volume).contains(q) && !box.contains(q)) return true;
    }
    return false;
  }

  /// Straight from the definitions, voxel by voxel.
  bool is_kept(const Array3<std::uint64_t>& components, const Array3<std::uint64_t>& cores,
               std::uint64_t component) const {
    std::int64_t size = 0, largest = 0, first = -1;
    std::map<std::uint64_t, std::int64_t> core_sizes;
    for (std::size_t i = 0; i < components.voxels().size(); ++i) {
      if (components.voxels()[i] != component) continue;
      ++size;
      if (first < 0)
        first = linear_index(
            voxel_at(static_cast<std::int64_t>(i), components.extent()) + (box.begin - GlobalVoxel{}),
            volume);
      if (cores.voxels()[i] != 0) largest = std::max(largest, ++core_sizes[cores.voxels()[i]]);
    }
    const bool of_size = size >= bounds.min && size <= bounds.max;
    const bool synapse = of_size && largest >= bounds.min;
    return synapse || goes_on(components, component) || (of_size && is_good(component, first));
  }

  /// Whether a candidate is of at least the rank asked for.
  bool is_good(std::uint64_t component, std::int64_t first) const {
    if (!limit) return false;
    const RatioStep step = decisive_step(before_steps[component - 1], rule.needed());
    return step > limit->step || (step == limit->step && first <= limit->first_voxel);
  }

  const Box box = GetParam();
  const Array3<std::uint8_t> reference_mask = random_mask(box.extent(), 0.25, 1);
  Array3<std::uint8_t> core_mask = random_mask(box.extent(), 0.85, 2);
  ThresholdedBlock block;
  std::vector<HighestSteps> before_steps;
  std::optional<CandidateRank> limit;

  void expect_kept();
};

void DropSettled::expect_kept() {
  before_steps = block.steps;
  const auto components = flood_fill(reference_mask.view(), Connectivity::six);
  const auto cores = flood_fill(core_mask.view(), Connectivity::six);
  const auto before = block;
  const Settled settled = drop_settled(block, box, volume, rule, limit);
  EXPECT_EQ(settled.dropped.all(),
            static_cast<std::int64_t>(before.components.size() - block.components.size()));
  EXPECT_EQ(block.steps.size(), block.components.size());

  std::vector<ComponentSums> sums;
  Array3<std::uint64_t> expected(box.extent()), expected_cores(box.extent());
  for (std::uint32_t c = 0; c < before.reference.component_count; ++c) {
    if (!is_kept(components, cores, c + 1)) continue;
    sums.push_back(before.components[c]);
    for (std::size_t i = 0; i < expected.voxels().size(); ++i) {
      if (components.voxels()[i] != c + 1) continue;
      expected.voxels()[i] = sums.size();
      expected_cores.voxels()[i] = cores.voxels()[i];
    }
  }
  number_by_first_voxel(expected_cores);
  EXPECT_LT(sums.size(), before.components.size()) << "a test of nothing";
  EXPECT_EQ(block.components, sums);

  const auto plus_one = [](std::uint32_t c) { return c + std::uint64_t{1}; };
  const Box local = whole_box(box.extent());
  Array3<std::uint64_t> painted(box.extent()), painted_cores(box.extent());
  paint(block.reference, local, painted, plus_one);
  paint(block.core, local, painted_cores, plus_one);
  EXPECT_EQ(values_of(painted), values_of(expected));
  EXPECT_EQ(values_of(painted_cores), values_of(expected_cores));
  EXPECT_EQ(block.cores, measure_cores(block.core, block.reference));
}

TEST_P(DropSettled, WhatCanGoOnOrIsASynapseStaysAndNothingElse) {
  expect_kept();
}

TEST_P(DropSettled, CandidatesOfAtLeastTheRankAskedForStayToo) {
  const auto all = block;
  std::int64_t candidates = 0;
  for (const auto& worst : {CandidateRank{0, 1 << 30}, CandidateRank{150, 1 << 30}, CandidateRank{150, 900},
                            CandidateRank{280, 0}}) {
    SCOPED_TRACE(worst.step);
    block = all;
    limit = worst;
    expect_kept();
    auto again = all;
    candidates += std::ssize(drop_settled(again, box, volume, rule, limit).candidates);
  }
  if (box == whole_box(volume)) {
    EXPECT_GT(candidates, 0) << "a test of nothing";
  }
}

TEST_P(DropSettled, OfWhatIsCompleteOnlyTheDecisiveStepStays) {
  drop_settled(block, box, volume, rule, CandidateRank{0, 1 << 30});
  const auto once = block.steps;
  std::size_t complete = 0;
  for (const HighestSteps& of_component : once)
    complete += of_component.size() == 1 && of_component.front().voxels == rule.needed() ? 1 : 0;
  if (box == whole_box(volume)) {
    EXPECT_GT(complete, 0U) << "a test of nothing";
  }
  drop_settled(block, box, volume, rule, CandidateRank{0, 1 << 30});
  EXPECT_EQ(block.steps, once);
}

INSTANTIATE_TEST_SUITE_P(Blocks, DropSettled,
                         testing::Values(Box{{0, 0, 0}, {12, 14, 16}}, Box{{0, 0, 0}, {6, 7, 8}},
                                         Box{{4, 5, 6}, {9, 11, 13}}, Box{{6, 7, 8}, {12, 14, 16}}));

}  // namespace
}  // namespace cleft::test
