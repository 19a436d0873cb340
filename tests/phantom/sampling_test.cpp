// Voxels against the plain definition: the mean of the paint at the middles of the samples that a voxel
// stands for.

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "phantom/painter.hpp"
#include "phantom/phantom.hpp"

namespace cleft {
namespace {

using namespace phantom;  // NOLINT(google-build-using-namespace)

PhantomOptions quiet(const VoxelSize& size) {
  PhantomOptions options;
  options.extent = {12, 12, 12};
  options.voxel_size = size;
  options.seed = 2;
  options.noise = options.shading = options.section_jitter = 0;
  return options;
}

/// What one voxel is, sample by sample.
struct PlainVoxel {
  double grey = 0, membrane = 0;
};

class PlainPhantom {
 public:
  PlainPhantom(const PhantomOptions& options, const Extent& samples)
      : samples_(samples),
        step_{options.voxel_size.z / static_cast<double>(samples.z),
              options.voxel_size.y / static_cast<double>(samples.y),
              options.voxel_size.x / static_cast<double>(samples.x)},
        tissue_(options.seed),
        synapses_(tissue_, options.synapse_density),
        organelles_(tissue_, synapses_) {}

  PlainVoxel voxel(const GlobalVoxel& v) {
    PlainVoxel sum;
    const auto count = static_cast<double>(voxel_count(samples_));
    for (std::int64_t z = 0; z < samples_.z; ++z)
      for (std::int64_t y = 0; y < samples_.y; ++y)
        for (std::int64_t x = 0; x < samples_.x; ++x) {
          const Paint paint =
              sample({middle(v.z * samples_.z + z, step_.z), middle(v.y * samples_.y + y, step_.y),
                      middle(v.x * samples_.x + x, step_.x)});
          sum.grey += paint.grey / count;
          sum.membrane += paint.membrane / count;
        }
    return sum;
  }

 private:
  static double middle(std::int64_t n, double step) { return (static_cast<double>(n) + 0.5) * step; }
  Paint sample(const Vector& p) {
    const Painter painter(tissue_, synapses_, organelles_, cell_at(p, tile_edge), step_);
    return painter.paint(tissue_.spot(p), painter.grain(p.z, p.y).at(p.x));
  }

  Extent samples_;
  Vector step_;
  Tissue tissue_;
  Synapses synapses_;
  Organelles organelles_;
};

void expect_means(const VoxelSize& size, const Extent& samples) {
  const PhantomOptions options = quiet(size);
  const PhantomBlock block = Phantom(options).make(whole_box(options.extent));
  PlainPhantom plain(options, samples);
  for (const GlobalVoxel v :
       {GlobalVoxel{0, 0, 0}, {5, 6, 7}, {11, 11, 11}, {3, 9, 1}, {7, 2, 10}, {8, 8, 3}}) {
    const PlainVoxel expected = plain.voxel(v);
    EXPECT_NEAR(block.raw(v.z, v.y, v.x), std::clamp(expected.grey, 0.0, 255.0), 0.51) << to_string(size);
    const auto found = static_cast<PhantomClass>(block.classes(v.z, v.y, v.x));
    if (found == PhantomClass::synapse) continue;
    EXPECT_EQ(found, expected.membrane >= 0.5 ? PhantomClass::membrane : PhantomClass::rest);
  }
}

TEST(Sampling, SmallVoxelsAreOneSample) {
  expect_means({8, 8, 8}, {1, 1, 1});
  expect_means({5, 4, 4}, {1, 1, 1});
}

TEST(Sampling, ThickSectionsAreAveragedOverTheirThickness) {
  expect_means({45, 5, 5}, {2, 1, 1});
}

TEST(Sampling, CoarseVoxelsAreAveragedOverAllAxes) {
  expect_means({50, 30, 40}, {3, 2, 2});
}

TEST(Sampling, WhatIsSeenDoesNotDependOnTheVoxelSizeMuch) {
  // The same tissue at two resolutions: the mean of 2 x 2 x 2 small voxels is about the large one.
  PhantomOptions fine = quiet({5, 5, 5}), coarse = quiet({10, 10, 10});
  fine.extent = {40, 80, 80};
  coarse.extent = {20, 40, 40};
  const PhantomBlock small = Phantom(fine).make(whole_box(fine.extent));
  const PhantomBlock large = Phantom(coarse).make(whole_box(coarse.extent));
  double difference = 0;
  for (std::int64_t n = 0; n < large.raw.size(); ++n) {
    const GlobalVoxel v = voxel_at(n, coarse.extent);
    double mean = 0;
    for (std::int64_t k = 0; k < 8; ++k) {
      const GlobalVoxel part = voxel_at(k, {2, 2, 2});
      mean += small.raw(2 * v.z + part.z, 2 * v.y + part.y, 2 * v.x + part.x) / 8.0;
    }
    difference += std::abs(mean - large.raw(v.z, v.y, v.x));
  }
  EXPECT_LT(difference / static_cast<double>(large.raw.size()), 6);
}

TEST(Sampling, SynapseIdsAreTheSameInEveryBlockAndDistinct) {
  PhantomOptions options = quiet({15, 15, 15});
  options.extent = {100, 100, 100};
  options.synapse_density = 2.5;
  Phantom phantom(options);
  const auto ids_in = [&](const Box& box) {
    const PhantomBlock block = phantom.make(box);
    return std::set<std::uint64_t>(block.synapses.voxels().begin(), block.synapses.voxels().end());
  };
  const auto whole = ids_in(whole_box(options.extent));
  auto parts = ids_in({{0, 0, 0}, {50, 100, 100}});
  parts.merge(ids_in({{50, 0, 0}, {100, 100, 100}}));
  EXPECT_EQ(whole, parts);
  EXPECT_GT(whole.size(), 4U);
}

}  // namespace
}  // namespace cleft
