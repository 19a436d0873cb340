#include "segmentation/threshold_block.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "support/blocked_mask.hpp"
#include "support/masks.hpp"
#include "threshold/smooth.hpp"

namespace cleft::test {
namespace {

constexpr Extent volume{8, 15, 17};

Array3<std::uint8_t> random_bytes() {
  Array3<std::uint8_t> bytes(volume);
  Random random(4);
  for (auto& v : bytes.voxels()) v = static_cast<std::uint8_t>(random.below(256));
  return bytes;
}

template <class T>
ThresholdedBlock block_of(const Array3<T>& stored, const BlockGrid& grid, std::int64_t number,
                          const ThresholdSettings& settings, int threads = 1) {
  const Box padded = grid.padded(number);
  return threshold_block<T>(grid, number,
                            stored.view().part(whole_box(volume).local(padded.begin), padded.extent()),
                            settings, 1, threads);
}

/// 1 where a block's runs are.
Array3<std::uint64_t> mask_of(const LabelledBlock& block, const Extent& extent) {
  Array3<std::uint64_t> mask(extent);
  paint(block, whole_box(extent), mask, [](std::uint32_t) { return std::uint64_t{1}; });
  return mask;
}

TEST(ThresholdBlock, MasksAreThoseOfTheDefinition) {
  const auto stored = random_bytes();
  const ThresholdSettings settings{.options = {.core_ratio = 4.2, .reference_ratio = 1.4},
                                   .sigma = {0, 0, 0}};
  const BlockGrid grid(volume, volume, {0, 0, 0});
  const auto block = block_of(stored, grid, 0, settings);
  std::vector<std::uint64_t> reference, core;
  for (const int v : stored.voxels()) {
    // p > r (1 - p) in whole numbers, never equal for these ratios.
    reference.push_back(5 * v > 7 * (255 - v) ? 1 : 0);
    core.push_back(5 * v > 21 * (255 - v) ? 1 : 0);
  }
  EXPECT_EQ(values_of(mask_of(block.reference, volume)), reference);
  EXPECT_EQ(values_of(mask_of(block.core, volume)), core);
}

TEST(ThresholdBlock, EveryBlockIsItsPartOfTheVolume) {
  const auto stored = random_bytes();
  const ThresholdSettings settings{.options = {.core_ratio = 1.1, .reference_ratio = 1},
                                   .sigma = {0.5, 1, 1.5}};
  const Extent halo = smoothing_halo(settings.sigma);
  const auto whole = block_of(stored, BlockGrid(volume, volume, halo), 0, settings);
  Array3<std::uint64_t> reference(volume), core(volume);
  const auto one = [](std::uint32_t) { return std::uint64_t{1}; };
  const BlockGrid grid(volume, {3, 8, 6}, halo);
  for (std::int64_t n = 0; n < grid.count(); ++n) {
    const auto block = block_of(stored, grid, n, settings);
    paint(block.reference, grid.owned(n), reference, one);
    paint(block.core, grid.owned(n), core, one);
  }
  EXPECT_EQ(values_of(reference), values_of(mask_of(whole.reference, volume)));
  EXPECT_EQ(values_of(core), values_of(mask_of(whole.core, volume)));
}

TEST(ThresholdBlock, ThreadsChangeNothing) {
  // Wider and of more rows than the tiles that threads take.
  const Extent large{11, 70, 700};
  Array3<std::uint8_t> stored(large);
  Random random(6);
  for (auto& v : stored.voxels()) v = static_cast<std::uint8_t>(random.below(256));
  const ThresholdSettings settings{.options = {.core_ratio = 1.1, .reference_ratio = 1},
                                   .sigma = {1, 2, 1.5}};
  const BlockGrid grid(large, {8, 64, 600}, smoothing_halo(settings.sigma));
  for (std::int64_t n = 0; n < grid.count(); ++n) {
    const Box padded = grid.padded(n);
    const View3<const std::uint8_t> part =
        stored.view().part(whole_box(large).local(padded.begin), padded.extent());
    const auto one = threshold_block(grid, n, part, settings, 5, 1);
    ASSERT_GT(one.components.size(), 3U);
    for (const int threads : {2, 3, 16}) {
      const auto many = threshold_block(grid, n, part, settings, 5, threads);
      EXPECT_TRUE(std::ranges::equal(many.reference.runs.all(), one.reference.runs.all())) << threads;
      EXPECT_TRUE(std::ranges::equal(many.core.runs.all(), one.core.runs.all())) << threads;
      EXPECT_EQ(many.components, one.components) << threads;
      EXPECT_EQ(many.cores, one.cores) << threads;
      EXPECT_EQ(many.steps, one.steps) << threads;
    }
  }
}

TEST(ThresholdBlock, SumsAreInPlacesOfTheVolumeAndOfStoredProbabilities) {
  Array3<std::uint8_t> stored(volume);
  stored(5, 9, 8) = 200;  // two voxels of one component, one of them core
  stored(5, 9, 9) = 250;
  const ThresholdSettings settings{.options = {.core_ratio = 7, .reference_ratio = 1}, .sigma = {0, 0, 0}};
  const BlockGrid grid(volume, {4, 8, 8}, {0, 0, 0});
  const std::int64_t number = grid.count() - 2;  // z 4:8, y 8:15, x 8:16
  ASSERT_TRUE(grid.owned(number).contains(GlobalVoxel{5, 9, 8}));
  const auto block = block_of(stored, grid, number, settings);
  ASSERT_EQ(block.components.size(), 1U);
  const ComponentSums& sums = block.components.front();
  EXPECT_EQ(sums.first_voxel, linear_index(GlobalVoxel{5, 9, 8}, volume));
  EXPECT_EQ(sums.size, 2);
  EXPECT_EQ(sums.high, (GlobalVoxel{5, 9, 9}));
  EXPECT_TRUE(sums.probability == 450);
  EXPECT_EQ(sums.max_probability, 250U);
  EXPECT_EQ(block.cores, (std::vector<LocalCore>{{0, 1}}));
}

TEST(ThresholdBlock, FloatsOfWholeStepsGiveTheSameMasks) {
  const auto stored = random_bytes();
  Array3<float> floats(volume);
  for (std::size_t i = 0; i < floats.voxels().size(); ++i)
    floats.voxels()[i] = static_cast<float>(stored.voxels()[i]) / 255.0F;
  const ThresholdSettings settings{.options = {.core_ratio = 1.1, .reference_ratio = 1}, .sigma = {1, 1, 1}};
  const BlockGrid grid(volume, {4, 8, 8}, smoothing_halo(settings.sigma));
  for (std::int64_t n = 0; n < grid.count(); ++n) {
    const auto of_bytes = block_of(stored, grid, n, settings),
               of_floats = block_of(floats, grid, n, settings);
    const Extent extent = grid.owned(n).extent();
    EXPECT_EQ(values_of(mask_of(of_floats.reference, extent)),
              values_of(mask_of(of_bytes.reference, extent)));
    EXPECT_EQ(of_floats.cores, of_bytes.cores);
  }
}

TEST(ThresholdBytes, AreAtLeastWhatIsHeldAtOnce) {
  const PerAxis<double> sigma{0.5, 1, 1.2};
  const Extent owned{10, 20, 30}, padded = owned + 2 * smoothing_halo(sigma);
  // As floats: all sections smoothed along x and y, then also along z, and the section that is worked on.
  const std::int64_t floats = padded.z * owned.y * owned.x + voxel_count(owned) + padded.y * padded.x;
  EXPECT_GE(threshold_bytes(owned, padded, sigma, 1), 4 * floats);
  EXPECT_GE(threshold_bytes(owned, padded, sigma, 9), 4 * (floats + 8 * padded.y * padded.x));
}

}  // namespace
}  // namespace cleft::test
