#include "phantom/exposure.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace cleft::phantom {
namespace {

constexpr Box box{{3, 5, 7}, {5, 69, 135}};

PhantomOptions quiet() {
  PhantomOptions options;
  options.noise = options.shading = options.section_jitter = 0;
  return options;
}

Array3<std::uint8_t> exposed(const PhantomOptions& options, float grey, const Box& where = box) {
  Array3<float> tissue(where.extent());
  tissue.fill(grey);
  Array3<std::uint8_t> raw(where.extent());
  expose(options, where, tissue.view(), raw.view());
  return raw;
}

struct Statistics {
  double mean = 0, deviation = 0;
};
Statistics statistics(const Array3<std::uint8_t>& raw) {
  double sum = 0, squares = 0;
  for (const std::uint8_t v : raw.voxels()) sum += v, squares += static_cast<double>(v) * v;
  const double n = static_cast<double>(raw.size()), mean = sum / n;
  return {mean, std::sqrt(squares / n - mean * mean)};
}

TEST(Exposure, WithoutNoiseIsTheTissuesGreyRounded) {
  EXPECT_EQ(exposed(quiet(), 99.6F)(0, 0, 0), 100);
  EXPECT_EQ(exposed(quiet(), -20)(1, 2, 3), 0);
  EXPECT_EQ(exposed(quiet(), 300)(1, 2, 3), 255);
}

TEST(Exposure, NoiseHasTheDeviationAskedForAndGrowsWithTheSignal) {
  PhantomOptions options = quiet();
  options.noise = 12;
  const Statistics middle = statistics(exposed(options, 128)), dark = statistics(exposed(options, 32));
  EXPECT_NEAR(middle.mean, 128, 0.5);
  EXPECT_NEAR(middle.deviation, 12, 0.5);
  EXPECT_NEAR(dark.deviation, 6, 0.5);
}

TEST(Exposure, SectionsDifferInBrightnessAndOnlySections) {
  PhantomOptions options = quiet();
  options.section_jitter = 10;
  const auto raw = exposed(options, 128, {{3, 5, 7}, {13, 15, 27}});
  std::set<int> values;
  for (std::int64_t z = 0; z < 10; ++z) {
    values.insert(raw(z, 0, 0));
    EXPECT_EQ(raw(z, 0, 0), raw(z, 9, 19));
  }
  EXPECT_GT(values.size(), 5U);
}

TEST(Exposure, ShadingDriftsSlowly) {
  PhantomOptions options = quiet();
  options.shading = 20;
  options.voxel_size = {30, 30, 30};
  const auto raw = exposed(options, 128);
  EXPECT_GT(statistics(raw).deviation, 1);
  for (std::int64_t x = 1; x < box.extent().x; ++x) EXPECT_NEAR(raw(0, 9, x), raw(0, 9, x - 1), 2);
}

TEST(Exposure, OfAPartIsAPartOfTheExposure) {
  const PhantomOptions options;
  const Box part{{4, 20, 33}, {5, 31, 90}};
  const auto whole = exposed(options, 128), block = exposed(options, 128, part);
  for (std::int64_t y = 0; y < part.extent().y; ++y)
    for (std::int64_t x = 0; x < part.extent().x; ++x) EXPECT_EQ(block(0, y, x), whole(1, y + 15, x + 26));
}

}  // namespace
}  // namespace cleft::phantom
