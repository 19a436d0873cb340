#include "objects/candidates.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(CandidateRule, KeepsNoneUnlessAskedTo) {
  EXPECT_FALSE(candidate_rule({}).keeps_any());
  EXPECT_EQ(last_rank_kept(candidate_rule({})), std::nullopt);
}

TEST(CandidateRule, TakesANumberARatioOrBoth) {
  const CandidateRule number = candidate_rule({.candidates = 20});
  EXPECT_EQ(number.max_count, 20);
  EXPECT_EQ(number.lowest, 0);
  const CandidateRule ratio = candidate_rule({.candidate_ratio = 2.5});
  EXPECT_EQ(ratio.max_count, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(begin_of(ratio.lowest), 2.5F);
  const CandidateRule both = candidate_rule({.candidates = 20, .candidate_ratio = 2.5});
  EXPECT_EQ(both.max_count, 20);
  EXPECT_EQ(both.lowest, ratio.lowest);
  EXPECT_EQ(last_rank_kept(both), (CandidateRank{ratio.lowest, std::numeric_limits<std::int64_t>::max()}));
}

TEST(CandidateRank, AHigherStepLeadsThenTheFirstPlace) {
  EXPECT_TRUE(is_better({7, 900}, {6, 1}));
  EXPECT_TRUE(is_better({7, 1}, {7, 900}));
  EXPECT_FALSE(is_better({7, 1}, {7, 1}));
  EXPECT_FALSE(is_better({6, 1}, {7, 900}));
}

TEST(Candidates, AreOfSynapticSizeButNoSynapses) {
  const SizeBounds bounds{10, 20};
  const auto candidate = [&](std::int64_t size, const CoreSums& cores) {
    ComponentSums sums;
    sums.size = size;
    return is_candidate(sums, cores, bounds);
  };
  EXPECT_TRUE(candidate(10, {}));
  EXPECT_TRUE(candidate(20, {3, 18, 9}));
  EXPECT_FALSE(candidate(20, {1, 10, 10}));  // a synapse
  EXPECT_FALSE(candidate(9, {}));
  EXPECT_FALSE(candidate(21, {1, 21, 21}));
}

}  // namespace
}  // namespace cleft
