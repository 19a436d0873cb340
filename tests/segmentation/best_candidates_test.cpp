#include "segmentation/best_candidates.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

constexpr auto any_number = std::numeric_limits<std::int64_t>::max();

TEST(BestCandidates, HaveNoLimitBeforeMoreThanEnoughAreKnown) {
  EXPECT_EQ(BestCandidates({}).limit(), std::nullopt);
  BestCandidates best({2, 40});
  EXPECT_EQ(best.limit(), (CandidateRank{40, any_number}));
  best.add(std::vector<CandidateRank>{{50, 3}, {60, 4}});
  EXPECT_EQ(best.limit(), (CandidateRank{40, any_number}));
  best.add(std::vector<CandidateRank>{{45, 5}});  // the best that is left out is to be known, too
  EXPECT_EQ(best.limit(), (CandidateRank{45, 5}));
  EXPECT_EQ(best.beyond_limit(), 0);
  best.add(std::vector<CandidateRank>{{55, 9}, {45, 4}});
  EXPECT_EQ(best.limit(), (CandidateRank{50, 3}));
  EXPECT_EQ(best.beyond_limit(), 2);
  best.forget_beyond_limit();
  EXPECT_EQ(best.beyond_limit(), 0);
}

TEST(BestCandidates, OfAnyNumberAllAreKept) {
  BestCandidates best({any_number, 7});
  for (std::int64_t i = 0; i < 100; ++i) best.add(std::vector<CandidateRank>{{9, i}});
  EXPECT_EQ(best.limit(), (CandidateRank{7, any_number}));
  EXPECT_EQ(best.beyond_limit(), 0);
}

TEST(BestCandidates, TheLimitIsThatOfASortedList) {
  Random random(5);
  BestCandidates best({12, 0});
  std::vector<CandidateRank> all;
  for (int block = 0; block < 30; ++block) {
    std::vector<CandidateRank> found;
    for (std::uint32_t i = random.below(6); i > 0; --i) {
      const CandidateRank rank{static_cast<RatioStep>(random.below(20)), std::int64_t{random.below(1000)}};
      if (!is_better(*best.limit(), rank)) found.push_back(rank);
      all.push_back(rank);
    }
    best.add(found);
    std::sort(all.begin(), all.end(), is_better);
    if (all.size() > 12) {
      EXPECT_EQ(best.limit(), all[12]);
    }
  }
  EXPECT_GT(best.beyond_limit(), 10);
}

}  // namespace
}  // namespace cleft
