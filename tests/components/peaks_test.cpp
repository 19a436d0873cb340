#include "components/peaks.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/plain_split.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

std::vector<std::int64_t> linear(const auto& voxels, const Extent& extent) {
  std::vector<std::int64_t> indices;
  for (const GlobalVoxel& v : voxels) indices.push_back(linear_index(v, extent));
  return indices;
}

TEST(PeaksTest, AsComparingAllVoxels) {
  Random random(2);
  for (const auto connectivity : test::all_connectivities)
    for (const std::uint32_t highest : {2U, 4U, 200U})
      for (const Extent& extent : {Extent{4, 7, 9}, Extent{1, 10, 12}}) {
        Array3<std::int64_t> heights(extent);
        for (auto& h : heights.voxels()) h = random.below(highest + 1);
        EXPECT_EQ(regional_maxima(heights, connectivity),
                  linear(test::plain_maxima(heights, connectivity), extent));
        const VoxelSize nm{9, 4, 3};
        for (const double apart : {0.0, 3.5, 12.0, 17.0, 1000.0, 1e300}) {
          const auto peaks = peaks_apart(heights, nm, apart, connectivity);
          EXPECT_EQ(peaks, linear(test::plain_peaks(heights, nm, apart, connectivity), extent)) << apart;
          if (apart == 1000) {
            EXPECT_EQ(peaks.size(), 1U);
          }
        }
      }
}

TEST(PeaksTest, APlateauIsOneMaximumAndStandsAtItsFirstVoxel) {
  Array3<std::int64_t> heights({1, 5, 7});
  heights.fill(1);
  for (std::int64_t x = 1; x < 6; ++x) heights(0, 2, x) = 4;
  heights(0, 3, 1) = 4;
  EXPECT_EQ(regional_maxima(heights, Connectivity::six), (std::vector<std::int64_t>{2 * 7 + 1}));
  heights(0, 4, 0) = 5;  // beside its last voxel, over an edge
  EXPECT_EQ(regional_maxima(heights, Connectivity::six), (std::vector<std::int64_t>{2 * 7 + 1, 4 * 7}));
  EXPECT_EQ(regional_maxima(heights, Connectivity::eighteen), (std::vector<std::int64_t>{4 * 7}));
}

TEST(PeaksTest, JustSoFarApartIsFarEnough) {
  Array3<std::int64_t> heights({1, 1, 11});
  heights.fill(1);
  heights(0, 0, 0) = 7;
  heights(0, 0, 10) = 8;
  using Indices = std::vector<std::int64_t>;
  EXPECT_EQ(peaks_apart(heights, {1, 1, 5}, 50, Connectivity::six), (Indices{10, 0}));
  EXPECT_EQ(peaks_apart(heights, {1, 1, 5}, 50.1, Connectivity::six), (Indices{10}));
}

TEST(PeaksTest, NothingHasNone) {
  EXPECT_TRUE(peaks_apart(Array3<std::int64_t>({2, 2, 2}), {1, 1, 1}, 1, Connectivity::six).empty());
}

}  // namespace
}  // namespace cleft
