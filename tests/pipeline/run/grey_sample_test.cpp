#include "pipeline/run/grey_sample.hpp"

#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

class GreySample : public testing::Test {
 protected:
  template <class T>
  ValueRange sample_of(const std::vector<T>& values, const h5::Shape& shape) {
    h5::write_file(directory_ / "v.h5", [&](h5::File& file) { file.write("raw", values, shape); });
    return sample_grey({directory_ / "v.h5", "/raw"});
  }
  const test::TempDirectory directory_;
};

TEST_F(GreySample, OfASmallVolumeIsAllOfIt) {
  EXPECT_EQ(sample_of<std::int16_t>({3, -7, 250, 9}, {1, 2, 2}), (ValueRange{-7, 250}));
}

/// A value anywhere in a third of each axis is not seen for sure, but what fills a third is.
TEST_F(GreySample, LooksIntoEveryPartOfALargeOne) {
  constexpr std::size_t edge = 90;
  std::vector<std::uint16_t> values(edge * edge * edge, 100);
  for (std::size_t z = 60; z < edge; ++z)
    for (std::size_t y = 0; y < 30; ++y)
      for (std::size_t x = 30; x < 60; ++x) values[(z * edge + y) * edge + x] = 40000;
  EXPECT_EQ(sample_of(values, {edge, edge, edge}), (ValueRange{100, 40000}));
}

TEST_F(GreySample, TakesAllChannelsAndNoNaN) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  h5::write_file(directory_ / "c.h5", [&](h5::File& file) {
    auto raw = file.write("raw", std::vector<float>{1, 2, nan, 30}, {1, 1, 2, 2});
    raw.set_attribute("axes", "zyxc");
  });
  EXPECT_EQ(sample_grey({directory_ / "c.h5", "/raw"}), (ValueRange{1, 30}));
  EXPECT_TRUE(sample_of<float>({nan, nan}, {1, 1, 2}).empty());
}

}  // namespace
}  // namespace cleft
