#include "objects/judge/matching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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

/// The least cost of giving each row a column of its own: the Hungarian method on a full square matrix (Kuhn
/// 1955), in its form of cubic time.
std::int64_t least_assignment(const std::vector<std::vector<std::int64_t>>& cost) {
  const std::size_t n = cost.size();
  constexpr std::int64_t infinite = std::numeric_limits<std::int64_t>::max() / 2;
  std::vector<std::int64_t> u(n + 1), v(n + 1);
  std::vector<std::size_t> row_of(n + 1), way(n + 1);
  for (std::size_t row = 1; row <= n; ++row) {
    row_of[0] = row;
    std::size_t column = 0;
    std::vector<std::int64_t> least(n + 1, infinite);
    std::vector<bool> used(n + 1);
    do {
      used[column] = true;
      std::size_t next = 0;
      std::int64_t delta = infinite;
      for (std::size_t c = 1; c <= n; ++c) {
        if (used[c]) continue;
        const std::int64_t reduced = cost[row_of[column] - 1][c - 1] - u[row_of[column]] - v[c];
        if (reduced < least[c]) {
          least[c] = reduced;
          way[c] = column;
        }
        if (least[c] < delta) {
          delta = least[c];
          next = c;
        }
      }
      for (std::size_t c = 0; c <= n; ++c) {
        if (used[c]) {
          u[row_of[c]] += delta;
          v[c] -= delta;
        } else {
          least[c] -= delta;
        }
      }
      column = next;
    } while (row_of[column] != 0);
    for (; column != 0; column = way[column]) row_of[column] = row_of[way[column]];
  }
  return -v[0];
}

/// Detections and truth objects in a field, candidates where they are near each other; overlaps as given.
std::vector<Candidate> random_field(std::uint32_t detections, std::uint32_t truths, double reach,
                                    std::uint32_t overlaps, Random& random) {
  std::vector<std::pair<double, double>> places;
  for (std::uint32_t i = 0; i < detections + truths; ++i) {
    const double y = random.uniform();
    places.emplace_back(y, random.uniform());
  }
  std::vector<Candidate> candidates;
  for (std::uint32_t d = 0; d < detections; ++d)
    for (std::uint32_t t = 0; t < truths; ++t) {
      const auto &a = places[d], &b = places[detections + t];
      const double distance = std::hypot(a.first - b.first, a.second - b.second);
      if (distance < reach) candidates.push_back({d, t, random.below(overlaps), distance});
    }
  return candidates;
}

/// What a matching costs, as one number: pairs, then overlap, then picometres.
std::int64_t cost_of(const std::vector<Candidate>& chosen) {
  std::int64_t cost = 0;
  for (const Candidate& c : chosen)
    cost += -1'000'000'000'000 - c.overlap * 1'000'000 + std::llround(c.distance_nm * 1000);
  return cost;
}

TEST(Matching, CostsAsLittleAsTheHungarianMethodFinds) {
  Random random(4);
  for (int repeat = 0; repeat < 40; ++repeat) {
    const std::uint32_t detections = 20 + random.below(60), truths = 20 + random.below(60);
    // From scattered pairs to one group of all, in which objects compete.
    const auto candidates = random_field(detections, truths, 0.05 + 0.01 * repeat, 1 + repeat % 5, random);
    std::vector<std::vector<std::int64_t>> cost(detections + truths,
                                                std::vector<std::int64_t>(detections + truths, 0));
    for (const Candidate& c : candidates) cost[c.detection][c.truth] = cost_of({c});
    const auto matching = match_one_to_one(detections, truths, candidates);
    expect_one_to_one(matching);
    EXPECT_EQ(cost_of(matching), least_assignment(cost));
  }
}

TEST(Matching, DoesNotDependOnTheOrderOfCandidates) {
  Random random(7);
  for (int repeat = 0; repeat < 20; ++repeat) {
    auto candidates = random_field(60, 50, 0.3, 2, random);
    for (Candidate& c : candidates) c.distance_nm = random.below(2);  // many are equally good
    const auto matching = match_one_to_one(60, 50, candidates);
    for (std::size_t i = candidates.size(); i > 1; --i)
      std::swap(candidates[i - 1], candidates[random.below(static_cast<std::uint32_t>(i))]);
    EXPECT_EQ(match_one_to_one(60, 50, candidates), matching);
  }
}

TEST(Matching, OfEquallyGoodOnesTheFirstAreTaken) {
  const std::vector<Candidate> one_truth{{2, 0, 5, 1}, {1, 0, 5, 1}};
  EXPECT_EQ(match_one_to_one(3, 1, one_truth), (std::vector<Candidate>{{1, 0, 5, 1}}));
  const std::vector<Candidate> one_detection{{0, 2, 5, 1}, {0, 1, 5, 1}};
  EXPECT_EQ(match_one_to_one(1, 3, one_detection), (std::vector<Candidate>{{0, 1, 5, 1}}));
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
