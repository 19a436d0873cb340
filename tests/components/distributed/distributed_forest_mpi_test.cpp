#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/distributed/distributed_forest.hpp"

namespace cleft {
namespace {

class DistributedForestTest : public testing::Test {
 protected:
  /// 12 labels on rank 0, 17 on rank 1, none on rank 2, 12 on rank 3, ...
  static LabelOwners uneven_owners(int ranks) {
    std::vector<std::uint64_t> counts;
    for (int r = 0; r < ranks; ++r)
      counts.push_back(r % 3 == 2 ? 0 : 12 + 5 * static_cast<std::uint64_t>(r % 3));
    return LabelOwners(counts);
  }
  std::vector<Label> own_labels() const {
    std::vector<Label> labels;
    for (Label label = owners.begin(rank); label < owners.end(rank); ++label) labels.push_back(label);
    return labels;
  }

  const Communicator world = Communicator::world();
  const int rank = world.rank();
  const LabelOwners owners = uneven_owners(world.size());
  DistributedForest forest{world, owners};
};

TEST_F(DistributedForestTest, BeginsWithARootForEachLabel) {
  for (const Label label : own_labels()) {
    EXPECT_TRUE(forest.owns(label));
    EXPECT_EQ(forest.parent(label), label);
  }
  EXPECT_FALSE(forest.owns(owners.end(rank)));
  EXPECT_EQ(forest.parents().size(), own_labels().size());
}

TEST_F(DistributedForestTest, AnyRankLearnsParentsOfAnyLabels) {
  for (const Label label : own_labels()) forest.set_parent(label, label / 2);
  Random random(5, static_cast<std::uint64_t>(rank));
  std::vector<Label> questions;
  for (int i = 0; i < 40 * rank; ++i)
    questions.push_back(random.below(static_cast<std::uint32_t>(owners.count())));
  const ParentTable answers = forest.parents_of(questions);
  for (const Label label : questions) EXPECT_EQ(answers.parent_of(label), label / 2);
}

TEST_F(DistributedForestTest, APathOverAllRanksIsStraightenedInLogarithmicTime) {
  for (const Label label : own_labels()) forest.set_parent(label, label == 0 ? 0 : label - 1);
  forest.point_to_roots(own_labels());
  for (const Label label : own_labels()) EXPECT_EQ(forest.parent(label), 0U);

  int doublings = 1;
  while ((Label{1} << (doublings - 1)) < owners.count()) ++doublings;
  EXPECT_LE(forest.traffic().exchanges, 2 * doublings);
}

TEST_F(DistributedForestTest, TreesKeepTheirOwnRoots) {
  // Three interleaved paths, each over all ranks.
  for (const Label label : own_labels()) forest.set_parent(label, label < 3 ? label : label - 3);
  forest.point_to_roots(own_labels());
  for (const Label label : own_labels()) EXPECT_EQ(forest.parent(label), label % 3);
}

TEST_F(DistributedForestTest, PairsArriveAtTheOwnersOfTheirFirstLabels) {
  std::vector<LabelPair> pairs;
  for (Label label = 0; label < owners.count(); ++label) pairs.push_back({label, static_cast<Label>(rank)});
  const auto received = forest.send_to_owners(pairs);
  std::vector<LabelPair> expected;
  for (int sender = 0; sender < world.size(); ++sender)
    for (const Label label : own_labels()) expected.push_back({label, static_cast<Label>(sender)});
  EXPECT_EQ(received, expected);
}

TEST_F(DistributedForestTest, CountsWhatItSends) {
  std::vector<Label> all;
  for (Label label = 0; label < owners.count(); ++label) all.push_back(label);
  forest.parents_of(all);
  const std::uint64_t own = own_labels().size(), others = owners.count() - own;
  const auto ranks = static_cast<std::uint64_t>(world.size());
  EXPECT_EQ(forest.traffic().exchanges, 2);
  EXPECT_EQ(forest.traffic().bytes_sent, sizeof(Label) * (others + (ranks - 1) * own));
  EXPECT_EQ(forest.traffic().max_labels, own + owners.count() + ranks * own);
}

}  // namespace
}  // namespace cleft
