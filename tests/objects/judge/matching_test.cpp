#include "objects/judge/matching.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

/// What a matching is judged by: pairs, then overlap, then closeness.
using Worth = std::tuple<std::size_t, std::int64_t, double>;

Worth worth_of(const std::vector<Candidate>& matching) {
  std::int64_t overlap = 0;
  double distance = 0;
  for (const Candidate& c : matching) {
    overlap += c.overlap;
    distance += c.distance_nm;
  }
  return {matching.size(), overlap, -distance};
}

/// The best of all matchings, by trying each candidate in and out.
Worth best_worth(const std::vector<Candidate>& candidates, std::size_t next, std::vector<Candidate>& taken) {
  if (next == candidates.size()) return worth_of(taken);
  Worth best = best_worth(candidates, next + 1, taken);
  const Candidate& c = candidates[next];
  const bool free = std::none_of(taken.begin(), taken.end(), [&](const Candidate& t) {
    return t.detection == c.detection || t.truth == c.truth;
  });
  if (!free) return best;
  taken.push_back(c);
  best = std::max(best, best_worth(candidates, next + 1, taken));
  taken.pop_back();
  return best;
}

void expect_one_to_one(const std::vector<Candidate>& matching) {
  std::set<std::size_t> detections, truths;
  for (const Candidate& c : matching) {
    EXPECT_TRUE(detections.insert(c.detection).second);
    EXPECT_TRUE(truths.insert(c.truth).second);
  }
}

TEST(Matching, IsTheBestOfAllMatchings) {
  Random random(9);
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::uint32_t detections = 1 + random.below(5), truths = 1 + random.below(5);
    std::vector<Candidate> candidates;
    for (std::uint32_t d = 0; d < detections; ++d)
      for (std::uint32_t t = 0; t < truths; ++t)
        if (candidates.size() < 12 && random.below(2) == 0)
          candidates.push_back({d, t, random.below(4), static_cast<double>(random.below(5))});
    const auto matching = match_one_to_one(detections, truths, candidates);
    expect_one_to_one(matching);
    std::vector<Candidate> taken;
    EXPECT_EQ(worth_of(matching), best_worth(candidates, 0, taken));
  }
}

TEST(Matching, APairLessIsNeverMadeUpByOverlap) {
  // The pair of largest overlap alone would leave the other two unmatched.
  const std::vector<Candidate> candidates{{0, 0, 1, 0}, {0, 1, 1000000, 0}, {1, 1, 1, 0}};
  EXPECT_EQ(match_one_to_one(2, 2, candidates), (std::vector<Candidate>{{0, 0, 1, 0}, {1, 1, 1, 0}}));
}

TEST(Matching, OfEqualOverlapsTheNearerWins) {
  const std::vector<Candidate> candidates{{0, 0, 5, 20.5}, {1, 0, 5, 20.4}};
  EXPECT_EQ(match_one_to_one(2, 1, candidates), (std::vector<Candidate>{{1, 0, 5, 20.4}}));
}

TEST(Matching, LongAlternatingPathsAreFound) {
  // Detection i fits truth i and i + 1, with more overlap the wrong way; the last truth is for the last
  // detection only.
  constexpr std::size_t count = 200;
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < count; ++i) {
    candidates.push_back({i, i, 1, 0});
    if (i > 0) candidates.push_back({i, i - 1, 9, 0});
  }
  const auto matching = match_one_to_one(count, count, candidates);
  ASSERT_EQ(matching.size(), count);
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(matching[i].truth, i);
}

TEST(Matching, OfNoCandidatesIsEmpty) {
  EXPECT_TRUE(match_one_to_one(3, 4, {}).empty());
  EXPECT_TRUE(match_one_to_one(0, 0, {}).empty());
}

}  // namespace
}  // namespace cleft
