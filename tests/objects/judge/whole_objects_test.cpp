#include "objects/judge/whole_objects.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

constexpr Extent extent{7, 9, 24};
constexpr Box part{{2, 3, 5}, {5, 7, 18}};

Array3<std::uint64_t> random_labels(std::uint32_t values, std::uint32_t holes, std::uint64_t seed) {
  Array3<std::uint64_t> labels(extent);
  Random random(seed);
  for (auto& v : labels.voxels()) v = random.below(holes) == 0 ? 0 : 1 + random.below(values);
  return labels;
}

/// `labels` where judged and unknown are decided by `keeps`.
template <class Keeps>
std::vector<ObjectRun> runs_where(const Array3<std::uint64_t>& labels, const Keeps& keeps) {
  auto kept = Array3<std::uint64_t>::copy_of(labels.view());
  for (std::int64_t i = 0; i < kept.size(); ++i)
    if (!keeps(voxel_at(i, extent))) kept.data()[i] = 0;
  std::vector<ObjectRun> runs;
  append_runs(runs, kept.view(), {0, 0, 0});
  return runs;
}

bool is_known(const GlobalVoxel& p) {
  return (p.z + 2 * p.y + p.x) % 5 != 0;
}

SideRuns side_of(const Array3<std::uint64_t>& labels) {
  SideRuns side;
  side.judged = runs_where(labels, [](const GlobalVoxel& p) { return part.contains(p) && is_known(p); });
  side.beyond = runs_where(labels, [](const GlobalVoxel& p) { return !part.contains(p) && is_known(p); });
  side.whole = runs_where(labels, [](const GlobalVoxel&) { return true; });
  return side;
}

/// All voxels that are 26-connected to those in `from` over voxels of the same value.
std::set<GlobalVoxel> flooded(const Array3<std::uint64_t>& labels, std::set<GlobalVoxel> from) {
  std::vector<GlobalVoxel> open(from.begin(), from.end());
  while (!open.empty()) {
    const GlobalVoxel p = open.back();
    open.pop_back();
    for (int n = 0; n < 27; ++n) {
      const GlobalVoxel q = p + Extent{n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1};
      if (whole_box(extent).contains(q) && labels(q.z, q.y, q.x) == labels(p.z, p.y, p.x) &&
          from.insert(q).second)
        open.push_back(q);
    }
  }
  return from;
}

std::set<GlobalVoxel> voxels_of(const std::vector<ObjectRun>& runs, std::uint64_t object) {
  std::set<GlobalVoxel> voxels;
  for (const ObjectRun& run : runs)
    for (std::int64_t x = run.begin; run.object == object && x < run.end; ++x)
      voxels.insert({run.z, run.y, x});
  return voxels;
}

TEST(WholeObjects, OfAValueAreWhatIsConnectedToWhatIsJudged) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto labels = random_labels(6, 1 + seed % 4, seed);
    SideRuns side = side_of(labels);
    const SideRuns given = side;
    keep_judged_objects(side, {});
    EXPECT_EQ(side.judged, given.judged);
    for (std::uint64_t value = 1; value <= 6; ++value) {
      const auto expected = flooded(labels, voxels_of(given.judged, value));
      EXPECT_EQ(voxels_of(side.whole, value), expected);
      std::set<GlobalVoxel> beyond;
      for (const GlobalVoxel& p : expected)
        if (is_known(p) && !part.contains(p)) beyond.insert(p);
      EXPECT_EQ(voxels_of(side.beyond, value), beyond);
    }
  }
}

TEST(WholeObjects, OfAMaskAreItsComponentsInOrderOfTheirFirstJudgedVoxel) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Array3<std::uint64_t> sparse(extent);
    Random random(seed);
    for (auto& v : sparse.voxels()) v = random.below(20) == 0 ? 1 : 0;
    SideRuns side = side_of(sparse);
    keep_judged_objects(side, {.by_value = false, .bridge = {}, .limits = whole_box(extent)});
    std::uint64_t number = 0;
    for (const ObjectRun& run : side.judged) {
      if (run.object > number) {
        EXPECT_EQ(run.object, ++number);
      }
      EXPECT_EQ(voxels_of(side.whole, run.object), flooded(sparse, {{run.z, run.y, run.begin}}));
    }
    EXPECT_GT(number, 1U);
  }
}

TEST(WholeObjects, GapsOfAMaskAreBridgedAlsoOutsideWhatIsJudged) {
  // Two pieces, 3 voxels apart; the second one is not in what is judged.
  SideRuns side{.judged = {{0, 0, 4, 6, 1}},
                .beyond = {{0, 0, 8, 20, 1}},
                .whole = {{0, 0, 4, 6, 1}, {0, 0, 8, 20, 1}}};
  SideRuns apart = side;
  keep_judged_objects(side, {.by_value = false, .bridge = {1, {1, 1, 1}}, .limits = {{0, 0, 4}, {1, 1, 20}}});
  EXPECT_EQ(reach_of(side).at(0).whole, 14);
  EXPECT_EQ(known_runs(std::move(side)).size(), 2U);
  keep_judged_objects(apart, {.by_value = false, .bridge = {}, .limits = {{0, 0, 4}, {1, 1, 20}}});
  EXPECT_EQ(reach_of(apart).at(0).whole, 2);
  EXPECT_TRUE(apart.beyond.empty());
}

TEST(WholeObjects, ReachCountsVoxelsOfEachObject) {
  SideRuns side = side_of(random_labels(5, 3, 7));
  keep_judged_objects(side, {});
  const auto reach = reach_of(side);
  std::map<std::uint64_t, Reach> expected;
  for (const ObjectRun& run : side.whole) expected[run.object].whole += run.end - run.begin;
  for (const ObjectRun& run : side.judged) expected[run.object].judged += run.end - run.begin;
  ASSERT_EQ(reach.size(), expected.size());
  auto at = reach.begin();
  for (const auto& [id, r] : expected) {
    EXPECT_EQ(at->whole, r.whole);
    EXPECT_EQ(at->judged, r.judged);
    ++at;
  }
}

TEST(WholeObjects, AHalfIsNotMost) {
  EXPECT_FALSE((Reach{10, 5}).mostly_outside());
  EXPECT_TRUE((Reach{11, 5}).mostly_outside());
  EXPECT_FALSE((Reach{10, 10}).mostly_outside());
}

TEST(WholeObjects, PiecesOfOneObjectAreJoined) {
  std::vector<ObjectRun> runs{{1, 0, 0, 4, 7}, {0, 0, 6, 9, 7},  {0, 0, 2, 6, 7},
                              {0, 0, 3, 5, 7}, {0, 0, 9, 11, 8}, {0, 0, 12, 13, 8}};
  join_pieces(runs);
  EXPECT_EQ(runs,
            (std::vector<ObjectRun>{{0, 0, 2, 9, 7}, {0, 0, 9, 11, 8}, {0, 0, 12, 13, 8}, {1, 0, 0, 4, 7}}));
}

}  // namespace
}  // namespace cleft
