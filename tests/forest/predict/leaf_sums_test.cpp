// What voxels collect at leaves, against loops over single voxels.
#include "forest/predict/leaf_sums.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "forest/every_target.hpp"

namespace cleft::forest {
namespace {

constexpr std::size_t lanes = 64;

bool has(std::uint64_t mask, std::size_t lane) {
  return (mask >> lane & 1U) != 0;
}

TEST(PaddedClasses, AreWholeVectorsOfFour) {
  EXPECT_EQ(padded_classes(1), 4U);
  EXPECT_EQ(padded_classes(4), 4U);
  EXPECT_EQ(padded_classes(5), 8U);
}

/// Three trees on two words: the masks of one class, between which those of others stand.
TEST(AddVotes, AddsOneForEachTreeWhoseMaskHasTheVoxel) {
  constexpr std::size_t trees = 3, words = 2, step = 5;
  Random random(1);
  std::vector<std::uint64_t> masks((trees - 1) * step + words);
  for (auto& mask : masks) mask = random.bits();
  std::vector<std::uint8_t> expected(words * lanes, 7);
  for (std::size_t tree = 0; tree < trees; ++tree)
    for (std::size_t word = 0; word < words; ++word)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        if (has(masks[tree * step + word], lane)) ++expected[word * lanes + lane];
  test::on_every_target([&] {
    std::vector<std::uint8_t> votes(words * lanes, 7);
    add_votes(masks, step, words, votes);
    EXPECT_EQ(votes, expected);
  });
}

TEST(SetLeaves, NotesTheLeafOfTheVoxelsInEachMaskAndLeavesOthersAlone) {
  // In word 0 the first ten voxels came to leaf 65535; in word 2 every second came to leaf 3, the last to 4.
  const std::vector<std::uint64_t> masks{0x3ff, 0x5555555555555555, 0x8000000000000000};
  const std::vector<std::uint32_t> addresses{65535U << 8U | 0U, 3U << 8U | 2U, 4U << 8U | 2U};
  std::vector<std::uint16_t> expected(3 * lanes, 9);
  for (std::size_t lane = 0; lane < 10; ++lane) expected[lane] = 65535;
  for (std::size_t lane = 0; lane < lanes; lane += 2) expected[2 * lanes + lane] = 3;
  expected[3 * lanes - 1] = 4;
  test::on_every_target([&] {
    std::vector<std::uint16_t> leaf_of(3 * lanes, 9);
    set_leaves(masks, addresses, leaf_of);
    EXPECT_EQ(leaf_of, expected);
  });
}

TEST(AddRows, AddsTheFractionsOfEachVoxelsLeafInFloat32) {
  Random random(2);
  for (const std::size_t classes : {1U, 3U, 4U, 9U}) {
    const std::size_t padded = padded_classes(classes), leaves = 11, voxels = 2 * lanes;
    std::vector<float> rows(leaves * padded), before(voxels * padded);
    for (float& fraction : rows) fraction = static_cast<float>(random.uniform());
    for (float& sum : before) sum = static_cast<float>(random.uniform()) * 1e3F;  // adding rounds
    std::vector<std::uint16_t> leaf_of(voxels);
    for (auto& leaf : leaf_of) leaf = static_cast<std::uint16_t>(random.below(leaves));
    std::vector<float> expected = before;
    for (std::size_t v = 0; v < voxels; ++v)
      for (std::size_t c = 0; c < padded; ++c) expected[v * padded + c] += rows[leaf_of[v] * padded + c];
    test::on_every_target([&] {
      std::vector<float> sums = before;
      add_rows(leaf_of, rows.data(), padded, sums);
      EXPECT_EQ(sums, expected) << classes << " classes";
    });
  }
}

}  // namespace
}  // namespace cleft::forest
