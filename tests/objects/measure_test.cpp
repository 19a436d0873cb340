#include "objects/measure.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "objects/voxel_sums.hpp"

namespace cleft {
namespace {

/// Adds a run to sums and its voxels to a list.
void add_random_run(Random& random, const Extent& volume, ComponentSums& sums,
                    std::vector<MeasuredVoxel>& voxels) {
  const auto below = [&](std::int64_t n) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(n)));
  };
  const GlobalVoxel begin{below(volume.z), below(volume.y), below(volume.x)};
  std::vector<std::uint8_t> stored(static_cast<std::size_t>(1 + below(volume.x - begin.x)));
  for (std::size_t i = 0; i < stored.size(); ++i) {
    stored[i] = static_cast<std::uint8_t>(random.below(256));
    voxels.push_back({begin + Extent{0, 0, static_cast<std::int64_t>(i)}, stored[i]});
  }
  add_run<std::uint8_t>(sums, begin, stored, volume);
}

TEST(Measure, RunsGiveTheSumsOfTheirVoxels) {
  const Extent volume{9, 11, 60};
  Random random(7);
  for (int repeat = 0; repeat < 50; ++repeat) {
    ComponentSums sums;
    std::vector<MeasuredVoxel> voxels;
    for (int run = 0; run < 8; ++run) add_random_run(random, volume, sums, voxels);
    EXPECT_EQ(sums, sums_of_voxels(voxels, volume));
  }
}

TEST(Measure, NothingOverflowsAtTheFarEndOfTheLongestAxes) {
  const std::int64_t last = (std::int64_t{1} << 31) - 2;
  const std::vector<std::uint8_t> stored{255, 254};
  ComponentSums sums;
  add_run<std::uint8_t>(sums, {0, last, last - 1}, stored, {1, last + 1, last + 1});
  const auto n = static_cast<Wide>(last);
  EXPECT_EQ(sums.first_voxel, last * (last + 1) + last - 1);
  EXPECT_EQ(sums.squares.y, 2 * n * n);
  EXPECT_EQ(sums.squares.x, (n - 1) * (n - 1) + n * n);
  EXPECT_EQ(sums.yx, n * (2 * n - 1));
  for (int i = 0; i < 60; ++i) sums = combine(sums, sums);
  EXPECT_EQ(sums.size, std::int64_t{1} << 61);
  EXPECT_EQ(sums.squares.y >> 61, n * n);
}

TEST(Measure, CombiningIsAssociativeAndCommutative) {
  const Extent volume{9, 11, 60};
  Random random(8);
  for (int repeat = 0; repeat < 50; ++repeat) {
    ComponentSums part[3];
    std::vector<MeasuredVoxel> voxels;
    for (auto& sums : part) add_random_run(random, volume, sums, voxels);
    const ComponentSums all = sums_of_voxels(voxels, volume);
    EXPECT_EQ(combine(combine(part[0], part[1]), part[2]), all);
    EXPECT_EQ(combine(part[2], combine(part[1], part[0])), all);
    EXPECT_EQ(combine(part[0], ComponentSums{}), part[0]);
    EXPECT_EQ(combine(ComponentSums{}, part[0]), part[0]);
  }
}

TEST(Measure, FloatProbabilitiesAreCountedInStepsToTheNearest) {
  const std::vector<float> stored{0.0F, 1.0F, 0.5F, 0.7F, 0x1p-25F, 0x1.8p-24F};
  ComponentSums sums;
  add_run<float>(sums, {0, 0, 0}, stored, {1, 1, 6});
  const std::uint64_t one = std::uint64_t{1} << 24;
  // 0.7F is a whole number of 2^-24; half a step is rounded away from 0, one and a half steps to two.
  EXPECT_EQ(sums.probability, static_cast<Wide>(one + one / 2 + 11744051 + 1 + 2));
  EXPECT_EQ(sums.max_probability, one);
}

TEST(Measure, AnEmptyRunAddsNothing) {
  ComponentSums sums;
  add_run<std::uint8_t>(sums, {0, 0, 0}, {}, {1, 1, 1});
  EXPECT_EQ(sums, ComponentSums{});
}

TEST(Measure, CoresAreCountedAddedAndTheLargestKept) {
  CoreSums a, b;
  add_core(a, 5);
  add_core(a, 9);
  add_core(b, 7);
  EXPECT_EQ(combine(a, b), (CoreSums{3, 21, 9}));
  EXPECT_EQ(combine(b, a), combine(a, b));
  EXPECT_EQ(combine(a, CoreSums{}), a);
}

}  // namespace
}  // namespace cleft
