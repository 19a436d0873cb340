#include "objects/measure_block.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "objects/voxel_sums.hpp"

namespace cleft {
namespace {

constexpr Extent volume{20, 30, 40};
constexpr Box owned{{3, 5, 7}, {9, 13, 18}};

/// Random stored values; the reference mask is where they reach one limit, the core mask where they reach a
/// higher one.
struct Block {
  Array3<std::uint8_t> stored{owned.extent()};
  LabelledBlock reference, cores;

  explicit Block(std::uint64_t seed, Connectivity connectivity = Connectivity::six) {
    Random random(seed);
    for (auto& v : stored.voxels()) v = static_cast<std::uint8_t>(random.below(256));
    reference = label_block(mask(150).view(), connectivity);
    cores = label_block(mask(190).view(), connectivity);
  }
  Array3<std::uint8_t> mask(std::uint8_t limit) const {
    Array3<std::uint8_t> result(owned.extent());
    for (std::size_t i = 0; i < stored.voxels().size(); ++i)
      result.voxels()[i] = stored.voxels()[i] >= limit ? 1 : 0;
    return result;
  }
};

/// Voxel by voxel: which local component it belongs to, or -1.
Array3<std::int64_t> painted(const LabelledBlock& block) {
  Array3<std::int64_t> labels(owned.extent());
  labels.fill(-1);
  for (std::int64_t z = 0; z < owned.extent().z; ++z)
    for (std::int64_t y = 0; y < owned.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        for (std::uint32_t x = run.begin; x < run.end; ++x) labels(z, y, x) = run.component;
  return labels;
}

/// Visits every voxel of the block.
template <class Visit>
void for_each_voxel(const Visit& visit) {
  for (std::int64_t z = 0; z < owned.extent().z; ++z)
    for (std::int64_t y = 0; y < owned.extent().y; ++y)
      for (std::int64_t x = 0; x < owned.extent().x; ++x) visit(z, y, x);
}

TEST(MeasureBlock, EveryComponentHasTheSumsOfItsVoxels) {
  const Block block(11);
  std::vector<std::vector<MeasuredVoxel>> voxels(block.reference.component_count);
  const auto labels = painted(block.reference);
  for_each_voxel([&](std::int64_t z, std::int64_t y, std::int64_t x) {
    if (labels(z, y, x) < 0) return;
    voxels[static_cast<std::size_t>(labels(z, y, x))].push_back(
        {owned.begin + Extent{z, y, x}, block.stored(z, y, x)});
  });
  const auto sums = measure_block<std::uint8_t>(block.reference, owned, block.stored.view(), volume);
  ASSERT_EQ(sums.size(), voxels.size());
  ASSERT_GT(sums.size(), 3U);
  for (std::size_t i = 0; i < sums.size(); ++i) EXPECT_EQ(sums[i], sums_of_voxels(voxels[i], volume)) << i;
}

TEST(MeasureBlock, StridedViewsAreReadByTheirRows) {
  const Block block(12);
  Array3<std::uint8_t> padded(owned.extent() + Extent{4, 4, 4});
  for_each_voxel([&](std::int64_t z, std::int64_t y, std::int64_t x) {
    padded(z + 1, y + 2, x + 3) = block.stored(z, y, x);
  });
  const View3<const std::uint8_t> part = padded.view().part({1, 2, 3}, owned.extent());
  EXPECT_EQ(measure_block(block.reference, owned, part, volume),
            measure_block<std::uint8_t>(block.reference, owned, block.stored.view(), volume));
}

TEST(MeasureBlock, EveryCoreIsCountedAndLiesInItsComponent) {
  for (const auto connectivity : {Connectivity::six, Connectivity::twenty_six}) {
    const Block block(13, connectivity);
    std::vector<LocalCore> expected(block.cores.component_count);
    const auto references = painted(block.reference), cores = painted(block.cores);
    for_each_voxel([&](std::int64_t z, std::int64_t y, std::int64_t x) {
      if (cores(z, y, x) < 0) return;
      LocalCore& local = expected[static_cast<std::size_t>(cores(z, y, x))];
      local.component = static_cast<std::uint32_t>(references(z, y, x));
      ++local.voxels;
    });
    ASSERT_GT(expected.size(), 3U);
    EXPECT_EQ(measure_cores(block.cores, block.reference), expected);
  }
}

TEST(MeasureBlock, AnEmptyMaskHasNoComponents) {
  const Array3<std::uint8_t> nothing(owned.extent());
  const LabelledBlock empty = label_block(nothing.view(), Connectivity::six);
  EXPECT_TRUE(measure_block<std::uint8_t>(empty, owned, nothing.view(), volume).empty());
  EXPECT_TRUE(measure_cores(empty, empty).empty());
}

}  // namespace
}  // namespace cleft
