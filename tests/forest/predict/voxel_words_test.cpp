#include "forest/predict/voxel_words.hpp"

#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace cleft::forest {
namespace {

using Place = std::pair<std::size_t, std::size_t>;

const std::vector<Extent>& extents() {
  static const std::vector<Extent> all{{1, 1, 1},  {1, 1, 200}, {1, 8, 8},  {1, 20, 30},
                                       {2, 7, 65}, {4, 4, 4},   {5, 9, 10}, {9, 3, 130}};
  return all;
}

TEST(VoxelWords, AreCutAsTheHeaderSays) {
  const VoxelWords words({1, 20, 30}, Alike::volume);
  EXPECT_EQ(words.word, (Extent{1, 8, 8}));
  EXPECT_EQ(words.words, (Extent{1, 3, 4}));
  std::vector<LocalVoxel> rows;
  words.for_each_row_of(11, [&](const LocalVoxel& first, std::int64_t voxels, std::size_t lane) {
    EXPECT_EQ(voxels, 6);
    EXPECT_EQ(lane, 8 * rows.size());
    rows.push_back(first);
  });
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows.front(), (LocalVoxel{0, 16, 24}));
  EXPECT_EQ(rows.back(), (LocalVoxel{0, 19, 24}));
}

TEST(VoxelWords, AreCubesWhereVoxelsAreAlikeInAllDirections) {
  EXPECT_EQ(VoxelWords({4, 4, 1}, Alike::volume).word, (Extent{4, 4, 4}));
  EXPECT_EQ(VoxelWords({8, 8, 8}, Alike::section).word, (Extent{1, 8, 8}));
  EXPECT_EQ(VoxelWords({8, 7, 8}, Alike::section).word, (Extent{1, 1, 64}));
}

TEST(VoxelWords, HaveAPlaceOfItsOwnForEveryVoxel) {
  for (const Alike alike : {Alike::volume, Alike::section})
    for (const Extent& extent : extents()) {
      const VoxelWords words(extent, alike);
      std::set<Place> places;
      for (std::int64_t z = 0; z < extent.z; ++z)
        for (std::int64_t y = 0; y < extent.y; ++y)
          for (std::int64_t x = 0; x < extent.x; ++x) {
            const auto [word, lane] = words.place_of({z, y, x});
            EXPECT_LT(word, words.word_count());
            EXPECT_LT(lane, 64U);
            EXPECT_TRUE(places.emplace(word, lane).second) << to_string(extent);
          }
    }
}

/// Rows taken from words, and pieces of the volume's rows, are at the places that their voxels have.
TEST(VoxelWords, RowsAndPiecesAreWhereTheirVoxelsAre) {
  for (const Alike alike : {Alike::volume, Alike::section})
    for (const Extent& extent : extents()) {
      const VoxelWords words(extent, alike);
      std::int64_t seen = 0;
      for (std::size_t word = 0; word < words.word_count(); ++word)
        words.for_each_row_of(word, [&](const LocalVoxel& first, std::int64_t voxels, std::size_t lane) {
          seen += voxels;
          const auto last = words.place_of({first.z, first.y, first.x + voxels - 1});
          EXPECT_EQ(Place(last.word, last.lane), Place(word, lane + static_cast<std::size_t>(voxels) - 1));
        });
      EXPECT_EQ(seen, voxel_count(extent));

      const LocalVoxel begin{extent.z - 1, extent.y - 1, extent.x / 3};
      std::int64_t expected = 0;
      words.for_each_word_along(
          begin, extent.x - begin.x, [&](std::int64_t done, std::int64_t count, const auto& place) {
            EXPECT_EQ(done, expected);
            const auto last = words.place_of({begin.z, begin.y, begin.x + done + count - 1});
            EXPECT_EQ(Place(last.word, last.lane),
                      Place(place.word, place.lane + static_cast<std::size_t>(count) - 1));
            expected += count;
          });
      EXPECT_EQ(expected, extent.x - begin.x);
    }
}

}  // namespace
}  // namespace cleft::forest
