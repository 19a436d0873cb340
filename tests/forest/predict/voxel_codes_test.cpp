// Codes that are made of rows, however these are cut and in whatever order they come, predict what whole
// channels do; predictor_test compares these with the reference.
#include "forest/predict/voxel_codes.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "forest/predict/forest_voter.hpp"
#include "forest/predict/packed_forest.hpp"
#include "forest/random_forest.hpp"

namespace cleft {
namespace {

using test::Kind;
using test::random_channels;
using test::random_forest;

struct RowPart {
  std::size_t channel;
  LocalVoxel begin;
  std::int64_t voxels;
};

/// All rows of all channels, cut at random, in an order of chance.
std::vector<RowPart> shuffled_parts(const std::vector<Array3<float>>& channels, Random& random) {
  std::vector<RowPart> parts;
  const Extent extent = channels.front().extent();
  for (std::size_t c = 0; c < channels.size(); ++c)
    for (std::int64_t z = 0; z < extent.z; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y)
        for (std::int64_t x = 0, length = 0; x < extent.x; x += length) {
          length = std::min<std::int64_t>(1 + random.below(70), extent.x - x);
          parts.push_back({c, {z, y, x}, length});
        }
  for (std::size_t i = parts.size(); i > 1; --i)
    std::swap(parts[i - 1], parts[random.below(static_cast<std::uint32_t>(i))]);
  return parts;
}

void expect_as_from_channels(const ForestVoter& voter, const std::vector<Array3<float>>& channels,
                             Alike alike, VoxelCodes& codes, int classes) {
  const Extent extent = channels.front().extent();
  Random random(3);
  codes.begin(extent, alike);
  for (const RowPart& part : shuffled_parts(channels, random))
    codes.add_row(part.channel, part.begin,
                  {channels[part.channel].row(part.begin.z, part.begin.y) + part.begin.x,
                   static_cast<std::size_t>(part.voxels)});
  std::vector<Array3<float>> expected, found;
  std::vector<View3<const float>> in;
  std::vector<View3<float>> from_channels, from_codes;
  for (const auto& channel : channels) in.push_back(channel.view());
  for (int c = 0; c < classes; ++c) {
    expected.emplace_back(extent);
    found.emplace_back(extent);
  }
  for (int c = 0; c < classes; ++c) {
    from_channels.push_back(expected[static_cast<std::size_t>(c)].view());
    from_codes.push_back(found[static_cast<std::size_t>(c)].view());
  }
  voter.vote(in, from_channels, alike);
  voter.vote(codes, from_codes);
  for (std::size_t c = 0; c < found.size(); ++c)
    EXPECT_TRUE(std::ranges::equal(found[c].voxels(), expected[c].voxels()))
        << to_string(extent) << ", class " << c;
}

TEST(VoxelCodes, DoNotDependOnHowRowsAreCutAndOrdered) {
  for (const bool votes : {true, false}) {
    const Kind kind{.name = "", .channels = 9, .votes = votes, .levels = 0, .sub_forest_ends = {}};
    const Forest forest = random_forest(kind, 11);
    const ForestVoter voter(forest);
    ASSERT_TRUE(voter.codes_suffice());
    VoxelCodes codes = voter.codes();
    // One after the other with the same codes: what an earlier, larger volume left behind does not matter.
    for (const Extent& extent : {Extent{9, 18, 131}, {5, 7, 66}, {1, 19, 70}, {1, 1, 257}, {4, 4, 4}})
      for (const Alike alike : {Alike::volume, Alike::section})
        expect_as_from_channels(voter, random_channels(kind, extent, 12), alike, codes, kind.classes);
  }
}

/// The memory layout that LaneMasks relies on, voxel by voxel.
TEST(VoxelCodes, StandWordByWordInSetsAsTheHeaderSays) {
  const Kind kind{.name = "", .channels = 3, .sub_forest_ends = {}};
  const auto packed = std::make_shared<const forest::PackedForest>(random_forest(kind, 1));
  const std::shared_ptr<const forest::CodedTrees> trees(packed, &packed->coded.front());
  ASSERT_EQ(trees->channels.size(), 3U);
  const Extent extent{5, 9, 20};
  const auto channels = random_channels(kind, extent, 2);
  VoxelCodes codes(trees);
  codes.begin(extent, Alike::volume);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::int64_t z = 0; z < extent.z; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y) codes.add_row(c, {z, y, 0}, {channels[c].row(z, y), 20});
  constexpr std::size_t together = forest::words_together, lanes = 64;
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x) {
        const auto [word, lane] = codes.words().place_of({z, y, x});
        bool live = true;
        for (std::size_t c = 0; c < 3; ++c) {
          const float value = channels[c](z, y, x);
          live = live && !std::isnan(value);
          if (std::isnan(value)) continue;
          std::int16_t code = 0;
          trees->codes[c].encode({&value, 1}, {&code, 1});
          const std::int16_t* of_set = codes.of_words(word - word % together);
          ASSERT_EQ(of_set[(c * together + word % together) * lanes + lane], code)
              << z << ", " << y << ", " << x;
        }
        EXPECT_EQ(codes.live()[word] >> lane & 1U, live ? 1U : 0U);
      }
}

/// Channels 0 and 2 of 4 are asked for.
TEST(VoxelCodes, KnowWhichChannelsAreAskedFor) {
  const Kind kind{.name = "", .channels = 2, .sub_forest_ends = {}};
  Forest forest = random_forest(kind, 1);
  forest.channel_count = 4;
  for (std::int32_t& channel : forest.channel) channel *= 2;
  const VoxelCodes codes = ForestVoter(forest).codes();
  for (std::size_t c = 0; c < 4; ++c) EXPECT_EQ(codes.asks_for(c), c % 2 == 0) << c;
}

/// One that is not asked for need not be handed in where it has no NaN.
TEST(VoxelCodes, NeedNoChannelThatIsNotAskedFor) {
  const Kind kind{.name = "", .channels = 2, .sub_forest_ends = {}};
  Forest forest = random_forest(kind, 1);
  const auto channels = random_channels(kind, {1, 1, 90}, 2);
  const auto voted = [&] {
    const ForestVoter voter(forest);
    VoxelCodes codes = voter.codes();
    codes.begin({1, 1, 90}, Alike::section);
    for (std::size_t c = 0; c < 2; ++c) codes.add_row(c, {0, 0, 0}, channels[c].voxels());
    std::vector<Array3<float>> probabilities;
    std::vector<View3<float>> views;
    for (int c = 0; c < 3; ++c) probabilities.emplace_back(Extent{1, 1, 90});
    for (auto& p : probabilities) views.push_back(p.view());
    voter.vote(codes, views);
    return probabilities;
  };
  const auto expected = voted();
  forest.channel_count = 3;
  const auto found = voted();
  for (std::size_t c = 0; c < 3; ++c)
    EXPECT_TRUE(std::ranges::equal(found[c].voxels(), expected[c].voxels())) << c;
}

TEST(VoxelCodes, SufficeForAllButVeryLargeForests) {
  const Kind small{.name = "", .sub_forest_ends = {}};
  EXPECT_TRUE(ForestVoter(random_forest(small, 1)).codes_suffice());
  EXPECT_TRUE(ForestVoter::surely_codes_suffice(random_forest(small, 1)));
  const Kind thresholds{
      .name = "", .trees = 8, .nodes = 20000, .channels = 1, .levels = 0, .sub_forest_ends = {}};
  const Forest forest = random_forest(thresholds, 21);
  EXPECT_FALSE(ForestVoter(forest).codes_suffice());
  EXPECT_FALSE(ForestVoter::surely_codes_suffice(forest));
  const Kind channels{.name = "", .trees = 30, .nodes = 40, .channels = 700, .sub_forest_ends = {}};
  EXPECT_FALSE(ForestVoter::surely_codes_suffice(random_forest(channels, 2)));
}

}  // namespace
}  // namespace cleft
