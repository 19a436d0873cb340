#include "threshold/smooth.hpp"

#include <cmath>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

Array3<std::uint8_t> random_probabilities(const Extent& extent, std::uint64_t seed) {
  Array3<std::uint8_t> stored(extent);
  Random random(seed);
  for (auto& v : stored.voxels()) v = static_cast<std::uint8_t>(random.below(256));
  return stored;
}

/// Position of voxel i of an axis of n voxels, mirrored at its ends as often as it takes.
std::int64_t mirrored(std::int64_t i, std::int64_t n) {
  while (i < 0 || i >= n) {
    if (n == 1) return 0;
    i = i < 0 ? -i : 2 * (n - 1) - i;
  }
  return i;
}

/// Smooths one axis by its definition, in double.
Array3<double> smoothed_along(const Array3<double>& in, int axis, double sigma) {
  const auto radius = static_cast<std::int64_t>(std::floor(3.5 * sigma + 0.5));
  if (radius == 0) return Array3<double>::copy_of(in.view());
  std::vector<double> weights;
  double sum = 0;
  for (std::int64_t k = -radius; k <= radius; ++k) {
    weights.push_back(std::exp(-0.5 * static_cast<double>(k * k) / (sigma * sigma)));
    sum += weights.back();
  }
  Array3<double> out(in.extent());
  const Extent n = in.extent();
  for (std::int64_t z = 0; z < n.z; ++z)
    for (std::int64_t y = 0; y < n.y; ++y)
      for (std::int64_t x = 0; x < n.x; ++x)
        for (std::int64_t k = -radius; k <= radius; ++k) {
          PerAxis<std::int64_t> at{z, y, x};
          at[axis] = mirrored(at[axis] + k, n[axis]);
          out(z, y, x) += weights[static_cast<std::size_t>(k + radius)] / sum * in(at.z, at.y, at.x);
        }
  return out;
}

Array3<float> smoothed_whole(const Array3<std::uint8_t>& stored, const PerAxis<double>& sigma) {
  return smooth(stored.view(), {0, 0, 0}, stored.extent(), sigma);
}

/// The owned box smoothed from itself and `halo` around it, cut off at the volume's edge.
Array3<float> smoothed_block(const Array3<std::uint8_t>& stored, const Box& owned, const Extent& halo,
                             const PerAxis<double>& sigma) {
  const Box padded = grown(owned, halo, whole_box(stored.extent()));
  const LocalVoxel first = whole_box(stored.extent()).local(padded.begin);
  return smooth(stored.view().part(first, padded.extent()), padded.local(owned.begin), owned.extent(), sigma);
}

/// How many voxels of the owned box differ from the whole volume's by as much as a bit.
std::int64_t differing_voxels(const Array3<float>& block, const Array3<float>& whole, const Box& owned) {
  std::int64_t count = 0;
  for (std::int64_t z = 0; z < owned.extent().z; ++z)
    for (std::int64_t y = 0; y < owned.extent().y; ++y)
      for (std::int64_t x = 0; x < owned.extent().x; ++x) {
        const float& a = block(z, y, x);
        const float& b = whole(owned.begin.z + z, owned.begin.y + y, owned.begin.x + x);
        count += std::memcmp(&a, &b, sizeof a) == 0 ? 0 : 1;
      }
  return count;
}

TEST(Smooth, FollowsTheGaussianByItsDefinition) {
  const auto stored = random_probabilities({9, 12, 14}, 1);
  for (const PerAxis<double>& sigma :
       {PerAxis<double>{1, 1, 1}, {0, 2, 1.3}, {0.34, 3.5, 3.5}, {5, 5, 5}, {0, 0, 0}}) {
    Array3<double> expected(stored.extent());
    for (std::size_t i = 0; i < expected.voxels().size(); ++i)
      expected.voxels()[i] = stored.voxels()[i] / 255.0;
    for (const int axis : {2, 1, 0}) expected = smoothed_along(expected, axis, sigma[axis]);
    const auto smoothed = smoothed_whole(stored, sigma);
    for (std::size_t i = 0; i < expected.voxels().size(); ++i)
      EXPECT_NEAR(smoothed.voxels()[i], expected.voxels()[i], 2e-6);
  }
}

TEST(Smooth, SigmaZeroLeavesTheStoredProbabilities) {
  const auto stored = random_probabilities({3, 4, 5}, 2);
  const auto smoothed = smoothed_whole(stored, {0, 0, 0});
  for (std::size_t i = 0; i < stored.voxels().size(); ++i)
    EXPECT_EQ(smoothed.voxels()[i], static_cast<float>(stored.voxels()[i]) / 255.0F);
}

TEST(Smooth, FloatProbabilitiesAreTakenAsTheyAre) {
  const auto stored = random_probabilities({6, 7, 8}, 3);
  Array3<float> numbers(stored.extent());
  for (std::size_t i = 0; i < stored.voxels().size(); ++i)
    numbers.voxels()[i] = static_cast<float>(stored.voxels()[i]) / 255.0F;
  const PerAxis<double> sigma{1, 2, 1};
  const View3<const float> view = numbers.view();
  EXPECT_EQ(differing_voxels(smooth(view, {0, 0, 0}, view.extent(), sigma), smoothed_whole(stored, sigma),
                             whole_box(stored.extent())),
            0);
}

TEST(Smooth, EveryBlockIsBitIdenticalToTheWhole) {
  const auto stored = random_probabilities({11, 20, 23}, 4);
  const PerAxis<double> sigma{0.7, 1.6, 1};
  const auto whole = smoothed_whole(stored, sigma);
  const Extent block{4, 7, 1};
  for (std::int64_t z = 0; z < 11; z += block.z)
    for (std::int64_t y = 0; y < 20; y += block.y)
      for (std::int64_t x = 0; x < 23; x += block.x) {
        const Box owned =
            intersection({{z, y, x}, {z + block.z, y + block.y, x + block.x}}, whole_box(stored.extent()));
        EXPECT_EQ(differing_voxels(smoothed_block(stored, owned, smoothing_halo(sigma), sigma), whole, owned),
                  0);
      }
}

TEST(Smooth, ThreadsAndTilesChangeNoBit) {
  // Wide enough for several tiles along x, one of them narrower than the kernel.
  const auto stored = random_probabilities({4, 9, 515}, 8);
  const PerAxis<double> sigma{1, 1.6, 5};
  const auto one = smoothed_whole(stored, sigma);
  for (const int threads : {2, 5, 40}) {
    const auto many = smooth(stored.view(), {0, 0, 0}, stored.extent(), sigma, threads);
    EXPECT_EQ(differing_voxels(many, one, whole_box(stored.extent())), 0) << threads;
  }
  for (const std::int64_t x : {0, 250, 300, 512}) {
    const Box owned{{1, 3, x}, {3, 8, 515}};
    EXPECT_EQ(differing_voxels(smoothed_block(stored, owned, smoothing_halo(sigma), sigma), one, owned), 0);
  }
}

TEST(Smooth, BlocksAgreeWhenTheGaussianIsWiderThanTheVolume) {
  const auto stored = random_probabilities({3, 6, 5}, 5);
  const PerAxis<double> sigma{5, 5, 5};
  const auto whole = smoothed_whole(stored, sigma);
  for (std::int64_t z = 0; z < 3; ++z) {
    const Box owned{{z, 2, 0}, {z + 1, 5, 3}};
    EXPECT_EQ(differing_voxels(smoothed_block(stored, owned, smoothing_halo(sigma), sigma), whole, owned), 0);
  }
}

TEST(Smooth, OneVoxelLessOfHaloChangesTheResultAndOneMoreDoesNot) {
  const PerAxis<double> sigma{1, 2, 1.4};
  const Extent halo = smoothing_halo(sigma);
  const Box owned{{8, 10, 9}, {11, 14, 13}};
  const auto stored = random_probabilities({20, 26, 24}, 6);
  const auto whole = smoothed_whole(stored, sigma);
  const auto differing = [&](const Extent& margin) {
    return differing_voxels(smoothed_block(stored, owned, margin, sigma), whole, owned);
  };
  EXPECT_EQ(differing(halo), 0);
  EXPECT_EQ(differing(halo + Extent{1, 1, 1}), 0);
  EXPECT_GT(differing(halo - Extent{1, 0, 0}), 0);
  EXPECT_GT(differing(halo - Extent{0, 1, 0}), 0);
  EXPECT_GT(differing(halo - Extent{0, 0, 1}), 0);
}

TEST(Smooth, TheHaloIsTheGaussiansRadius) {
  EXPECT_EQ(smoothing_halo({5, 0, 0.34}), (Extent{18, 0, 1}));
}

}  // namespace
}  // namespace cleft
