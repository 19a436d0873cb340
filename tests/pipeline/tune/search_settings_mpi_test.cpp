#include <algorithm>
#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "pipeline/detect/segment_test.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/search_settings.hpp"

namespace cleft::test {
namespace {

constexpr Extent extent{8, 22, 24};

class SearchSettingsTest : public SegmentTest {
 protected:
  void SetUp() override {
    Array3<std::uint8_t> probability = random_probability(extent, 0.3, 11);
    const auto blobs = random_boxes(extent, 40, 1, 5);
    for (std::size_t i = 0; i < blobs.voxels().size(); ++i)
      if (blobs.voxels()[i] != 0)
        probability.voxels()[i] = static_cast<std::uint8_t>(200 + blobs.voxels()[i] * 7 % 55);
    store(probability);
    if (comm.is_root())
      write_volume(directory / "truth.h5", "truth", random_boxes(extent, 24, 2, 9), job.voxel_size);
    comm.barrier();
    run.volume.extent = extent;
    run.volume.voxel_size = job.voxel_size;
    run.job = job;
    EvaluateOptions options;
    options.truth = {directory / "truth.h5", "/truth"};
    options.labels = {job.probability, probability_dataset};
    options.labels_to_come = "synapse";
    options.voxel_size = StatedVoxelSize{*job.voxel_size, "the test"};
    judge = make_judge(comm, options);
  }

  JudgedSettings search(const SearchSpace& space) const {
    return search_settings(comm, config, run, space, *judge);
  }
  std::string value(const JudgedSettings& judged, std::size_t n, const std::string& key) const {
    const auto axis = std::ranges::find(judged.axes, key, &SettingAxis::key) - judged.axes.begin();
    return judged.axes[std::size_t(axis)].values[judged.settings[n].at[std::size_t(axis)]];
  }

  const Config config = parse_config(
      "threshold: {sigma: 0, core_ratio: 2, reference_ratio: 1}\ncomponents: {connectivity: 6}\n"
      "filter: {min_size: 3, max_size: 5000}\n",
      "/data/run.yaml");
  const SearchSpace whole{{{"threshold.sigma", {"0", "[0.3, 0.8, 0.8]"}},
                           {"threshold.reference_ratio", {"0.5", "1", "3"}},
                           {"threshold.core_ratio", {"2", "4"}},
                           {"filter.min_size", {"3", "9"}}},
                          {}};
  StoredRun run;
  std::unique_ptr<SettingJudge> judge;
};

TEST_F(SearchSettingsTest, JudgesAllCombinationsOnceAndTheConfiguredOne) {
  const JudgedSettings judged = search(whole);
  EXPECT_EQ(judged.settings.size(), 2U * 5 * 2);
  EXPECT_EQ(judged.contradictory, 2 * 2);
  EXPECT_EQ(judged.smoothings, 2);
  EXPECT_EQ(judged.masks, 2 * 5) << "ratios 0.5, 1, 2, 3 and 4 of each smoothing";
  EXPECT_TRUE(
      same_objects(judged.settings[judged.configured].settings, segment_settings(config, run.volume)));
  std::set<GridPlace> places;
  for (const GridSetting& setting : judged.settings) places.insert(setting.at);
  EXPECT_EQ(places.size(), judged.settings.size());
}

TEST_F(SearchSettingsTest, EachIsJudgedAsAlone) {
  const JudgedSettings judged = search(whole);
  for (std::size_t n = 0; n < judged.settings.size(); ++n) {
    const std::vector alone{judged.settings[n].settings};
    const Agreement expected = judge_settings(comm, job, alone, *judge).front();
    EXPECT_EQ(judged.agreements[n].matched, expected.matched);
    EXPECT_EQ(judged.agreements[n].false_found, expected.false_found);
    EXPECT_EQ(judged.agreements[n].missed, expected.missed);
  }
}

TEST_F(SearchSettingsTest, OutcomesOnRankZeroAddUpToAgreements) {
  const JudgedSettings judged = search(whole);
  if (!comm.is_root()) {
    EXPECT_EQ(judged.outcomes.table.size(), 0U);
    return;
  }
  ASSERT_EQ(judged.outcomes.rows.size(), judged.settings.size());
  EXPECT_GT(judged.outcomes.table.size(), 5U);
  for (std::size_t n = 0; n < judged.settings.size(); ++n) {
    Agreement sum;
    for (const CellOutcome& cell : judged.outcomes.table.row(judged.outcomes.rows[n])) {
      sum.matched += cell.matched;
      sum.false_found += cell.false_found;
      sum.missed += cell.missed;
    }
    EXPECT_EQ(sum.matched, judged.agreements[n].matched);
    EXPECT_EQ(sum.false_found, judged.agreements[n].false_found);
    EXPECT_EQ(sum.missed, judged.agreements[n].missed);
  }
}

TEST_F(SearchSettingsTest, SplitsTheBestAndTheConfiguredInAllWays) {
  SearchSpace space = whole;
  space.split = {{"components.split", {"none", "cores", "distance"}},
                 {"components.split_distance_nm", {"12", "30", "50"}}};
  const JudgedSettings judged = search(space);
  const JudgedSettings unsplit = search(whole);
  EXPECT_GT(judged.settings.size(), unsplit.settings.size());
  double best = 0;
  for (const Agreement& agreement : unsplit.agreements) best = std::max(best, agreement.f1().value_or(0));
  std::set<GridPlace> places;
  std::set<std::string> ways_of_configured, ways_of_best;
  for (std::size_t n = 0; n < judged.settings.size(); ++n) {
    EXPECT_TRUE(places.insert(judged.settings[n].at).second) << "judged twice";
    const std::string way =
        value(judged, n, "components.split") + value(judged, n, "components.split_distance_nm");
    SegmentSettings whole_one = judged.settings[n].settings;
    whole_one.split.by = Split::none;
    if (same_objects(whole_one, segment_settings(config, run.volume))) ways_of_configured.insert(way);
    const auto same = std::ranges::find_if(unsplit.settings, [&](const GridSetting& setting) {
      return same_objects(setting.settings, whole_one);
    });
    const auto at = std::size_t(same - unsplit.settings.begin());
    if (at < unsplit.agreements.size() && unsplit.agreements[at].f1().value_or(0) == best)
      ways_of_best.insert(way);
  }
  for (const auto& ways : {ways_of_configured, ways_of_best}) {
    EXPECT_THAT(ways, testing::IsSupersetOf({"distance12", "distance30", "distance50"}));
    EXPECT_THAT(ways, testing::Contains(testing::StartsWith("cores")));
  }
  EXPECT_TRUE(
      same_objects(judged.settings[judged.configured].settings, segment_settings(config, run.volume)));
}

TEST_F(SearchSettingsTest, RefusesAnAxisOnAllRanks) {
  SearchSpace space = whole;
  space.axes[2].values = {"2", "much"};
  EXPECT_THROW(search(space), CollectiveError);
}

}  // namespace
}  // namespace cleft::test
