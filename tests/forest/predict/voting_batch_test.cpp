// A batch of words from begin to store, against the reference.
#include "forest/predict/voting_batch.hpp"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "forest/predict/forest_voter.hpp"
#include "forest/random_forest.hpp"

namespace cleft::forest {
namespace {

using test::Kind;
using test::random_channels;
using test::random_forest;

/// A volume of 1 x 16 x 40, which is 2 x 5 words of 1 x 8 x 8, and what a forest makes of it.
class VotingBatchTest : public testing::Test {
 protected:
  static constexpr Extent extent{1, 16, 40};

  void use(const Kind& kind) { use(kind, random_forest(kind, 1)); }
  void use(const Kind& kind, Forest forest) {
    forest_ = std::move(forest);
    packed_ = std::make_shared<const PackedForest>(forest_);
    channels_ = random_channels(kind, extent, 2);
    expected_.clear();
    found_.clear();
    for (int c = 0; c < kind.classes; ++c) {
      expected_.emplace_back(extent);
      found_.emplace_back(extent).fill(-1);
    }
    std::vector<const float*> in;
    std::vector<float*> out;
    for (const auto& channel : channels_) in.push_back(channel.data());
    for (auto& probability : expected_) out.push_back(probability.data());
    vote_reference(forest_, in, static_cast<std::size_t>(voxel_count(extent)), out);
  }

  /// Codes for one of the forest's CodedTrees.
  VoxelCodes codes(std::size_t trees) const {
    VoxelCodes codes(std::shared_ptr<const CodedTrees>(packed_, &packed_->coded[trees]));
    codes.begin(extent, Alike::section);
    for (std::size_t c = 0; c < channels_.size(); ++c)
      for (std::int64_t y = 0; y < extent.y; ++y)
        codes.add_row(c, {0, y, 0}, {channels_[c].row(0, y), static_cast<std::size_t>(extent.x)});
    return codes;
  }

  /// One batch from begin to store.
  void vote(VotingBatch& batch, std::size_t first, std::size_t words) {
    std::vector<View3<const float>> in;
    std::vector<View3<float>> out;
    for (const auto& channel : channels_) in.push_back(channel.view());
    for (auto& probability : found_) out.push_back(probability.view());
    batch.begin(first, words);
    for (std::size_t trees = 0; trees < packed_->coded.size(); ++trees) batch.add(codes(trees), in);
    batch.store(codes(0), out);
  }

  void expect_as_reference() const {
    for (std::size_t c = 0; c < found_.size(); ++c)
      EXPECT_TRUE(std::ranges::equal(found_[c].voxels(), expected_[c].voxels())) << "class " << c;
  }

  Forest forest_;
  std::shared_ptr<const PackedForest> packed_;
  std::vector<Array3<float>> channels_, expected_, found_;
};

TEST_F(VotingBatchTest, WritesTheProbabilitiesOfItsWordsAndNoOthers) {
  use({.name = "", .sub_forest_ends = {}});
  VotingBatch batch(packed_, 8);
  vote(batch, 4, 4);  // words 4 to 7: the end of the first row of words, and the beginning of the second
  EXPECT_EQ(found_[0](0, 0, 31), -1) << "word 3";
  EXPECT_EQ(found_[0](0, 0, 32), expected_[0](0, 0, 32)) << "word 4";
  EXPECT_EQ(found_[0](0, 8, 23), expected_[0](0, 8, 23)) << "word 7";
  EXPECT_EQ(found_[0](0, 8, 24), -1) << "word 8";
}

TEST_F(VotingBatchTest, TakesOneBatchAfterTheOther) {
  for (const bool votes : {true, false}) {
    use({.name = "", .votes = votes, .weights = !votes, .sub_forest_ends = {}});
    VotingBatch batch(packed_, 4);
    for (std::size_t first = 0; first < 10; first += 4)
      vote(batch, first, std::min<std::size_t>(4, 10 - first));
    expect_as_reference();
  }
}

/// Every voxel goes left in every tree and votes for class 1, which is counted since class 0 has more leaves.
Forest of_one_mind(int trees) {
  Forest f;
  f.channel_count = 1;
  f.class_count = 2;
  for (int tree = 0; tree < trees; ++tree) {
    const int node = 2 * tree, leaf = 3 * tree;
    f.roots.push_back(node);
    f.channel.insert(f.channel.end(), {0, 0});
    f.threshold.insert(f.threshold.end(), {std::numeric_limits<double>::max(), 0});
    f.left.insert(f.left.end(), {~leaf, ~(leaf + 1)});
    f.right.insert(f.right.end(), {node + 1, ~(leaf + 2)});
    f.leaf_fractions.insert(f.leaf_fractions.end(), {0, 1, 1, 0, 1, 0});
  }
  validate(f, "of one mind");
  return f;
}

/// Votes are counted in bytes, which are added to the sums before they overflow.
TEST_F(VotingBatchTest, CountsMoreVotesThanAByteHolds) {
  const Kind kind{.name = "", .channels = 1, .classes = 2, .levels = 5, .sub_forest_ends = {}};
  for (const int trees : {255, 256, 700}) {
    use(kind, of_one_mind(trees));
    EXPECT_EQ(packed_->pure->counted_last, 0U);
    VotingBatch batch(packed_, 10);
    vote(batch, 0, 10);
    expect_as_reference();
  }
}

TEST_F(VotingBatchTest, AveragesSubForestsOnTheirOwn) {
  for (const bool votes : {true, false}) {
    use({.name = "", .votes = votes, .sub_forest_ends = {1, 18, 20}});
    VotingBatch batch(packed_, 10);
    vote(batch, 0, 10);
    expect_as_reference();
  }
}

/// Too many channels for one set of codes: the forest is several CodedTrees.
TEST_F(VotingBatchTest, AddsOneSetOfCodedTreesAfterTheOther) {
  use({.name = "", .trees = 30, .nodes = 40, .channels = 700, .sub_forest_ends = {}});
  ASSERT_GT(packed_->coded.size(), 1U);
  VotingBatch batch(packed_, 10);
  vote(batch, 0, 10);
  expect_as_reference();
}

TEST_F(VotingBatchTest, KeepsItsForestAlive) {
  use({.name = "", .sub_forest_ends = {}});
  const std::weak_ptr<const PackedForest> watched = packed_;
  {
    const VotingBatch batch(packed_, 1);
    packed_.reset();
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace cleft::forest
