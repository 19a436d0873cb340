#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "objects/files/synapse_file.hpp"
#include "pipeline/report/report.hpp"
#include "pipeline/review/evaluate_review.hpp"
#include "pipeline/review/review_input.hpp"
#include "pipeline/review/reviewed_run.hpp"
#include "pipeline/run/run_lock.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/review_judge.hpp"
#include "pipeline/tune/stored_run.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

class ReviewTest : public test::ReviewedRun {};

TEST_F(ReviewTest, files_are_the_same_for_any_ranks_threads_blocks_and_memory) {
  const auto world = Communicator::world();
  const auto together = files_of(world, options("results", "review.json"));
  detect_into("blocks", {"run.block_shape=[16, 64, 40]"});
  write_review("blocks", "of_blocks.json");
  auto other = options("blocks", "of_blocks.json");
  other.sets = {"run.threads_per_rank=3", "run.memory_per_rank=400MiB"};
  const auto of_blocks = files_of(world, other);
  std::map<std::string, std::string> alone;
  all_or_throw(world, [&] {
    if (world.is_root()) alone = files_of(Communicator::self(), options("results", "review.json"));
  });
  if (!world.is_root()) return;
  EXPECT_EQ(together.size(), 3U);
  for (const auto& [name, bytes] : together) {
    EXPECT_TRUE(bytes == alone.at(name)) << name;
    EXPECT_TRUE(bytes == of_blocks.at(name)) << name << " of other blocks";
  }
}

TEST_F(ReviewTest, leaves_out_what_was_rejected_and_keeps_ids) {
  const auto world = Communicator::world();
  run_review(world, options("results", "review.json"));
  if (!world.is_root()) return;
  const auto before = path("results/synapses.h5"), after = path("results/synapses_reviewed.h5");
  EXPECT_EQ(check_synapse_file(after), Soundness::sound);
  EXPECT_EQ(check_table(path("results/synapses_reviewed.csv"), after), Soundness::sound);
  const auto rows = read_objects(before), kept = read_objects(after);
  const auto verdicts = *read_object_verdicts(after);
  ASSERT_GT(rows.size(), 12U);
  std::size_t next = 0;
  for (const Synapse& row : rows) {
    if (verdict_on(row.id) == "reject") continue;
    ASSERT_LT(next, kept.size());
    EXPECT_EQ(kept[next].id, row.id);
    EXPECT_EQ(kept[next].size, row.size);
    EXPECT_EQ(verdicts[next++], verdict_on(row.id));
  }
  EXPECT_EQ(next, kept.size());
  std::int64_t cleared = 0;
  for (const auto* dataset : {labels_dataset, candidates_dataset}) {
    const auto was = voxels_of({before, dataset}), is = voxels_of({after, dataset});
    ASSERT_EQ(was.size(), is.size());
    for (std::size_t i = 0; i < was.size(); ++i) {
      const bool rejected = was[i] != 0 && verdict_on(was[i]) == "reject";
      cleared += rejected ? 1 : 0;
      if (is[i] != (rejected ? 0 : was[i])) FAIL() << dataset << " voxel " << i;
    }
  }
  EXPECT_GT(cleared, 0);
}

std::vector<std::int64_t> counts_of(const Agreement& agreement) {
  return {agreement.matched, agreement.false_found, agreement.missed};
}

TEST_F(ReviewTest, is_judged_as_its_own_settings_are) {
  const auto world = Communicator::world();
  const Config config = config_of_run(world, path("results"), {});
  const std::vector<fs::path> reviews{path("review.json")};
  const RunReview reviewed = open_review_of_results(world, config, reviews);
  Agreement expected;
  expected.missed = 2;
  int candidates = 0;
  for (const Synapse& row : reviewed.run.table) {
    const std::string verdict = verdict_on(row.id);
    const bool accepted = verdict == "accept";
    candidates += row.accepted == 0 && !verdict.empty() ? 1 : 0;
    expected.matched += row.accepted != 0 && accepted ? 1 : 0;
    expected.false_found += row.accepted != 0 && verdict == "reject" ? 1 : 0;
    expected.missed += row.accepted == 0 && accepted ? 1 : 0;
  }
  EXPECT_GT(candidates, 1)
      << "which the run does not report: accepted ones are missed, rejected ones nothing";
  EXPECT_EQ(counts_of(evaluation_of(reviewed).objects.agreement()), counts_of(expected));
  const StoredRun stored = open_stored_run(world, config, MadeFrom::what_the_run_says);
  const std::vector<SegmentSettings> settings{segment_settings(config, stored.volume)};
  for (const double distance_nm : {1.0, 80.0, 500.0}) {
    const ReviewJudge judge(world, config, reviews, distance_nm);
    EXPECT_EQ(counts_of(judge_settings(world, stored.job, settings, judge).front()), counts_of(expected))
        << distance_nm;
  }
}

TEST_F(ReviewTest, a_mark_is_not_found_by_the_synapse_that_its_maker_saw_beside_it) {
  const auto world = Communicator::world();
  const Config config = config_of_run(world, path("results"), {});
  const FinishedRun run = finished("results");
  write_decided(run, "beside.json", {{1, "accept"}}, {beside(run, 3)});
  const std::vector<fs::path> reviews{path("beside.json")};
  const std::vector<std::int64_t> expected{1, 0, 1};
  EXPECT_EQ(counts_of(evaluation_of(open_review_of_results(world, config, reviews)).objects.agreement()),
            expected);
  const StoredRun stored = open_stored_run(world, config, MadeFrom::what_the_run_says);
  const std::vector<SegmentSettings> settings{segment_settings(config, stored.volume)};
  const ReviewJudge judge(world, config, reviews, 80);
  EXPECT_EQ(counts_of(judge_settings(world, stored.job, settings, judge).front()), expected);
}

TEST_F(ReviewTest, marks_in_objects_are_not_missed) {
  const auto world = Communicator::world();
  const FinishedRun run = finished("results");
  const Synapse candidate = run.table.back();
  ASSERT_EQ(candidate.accepted, 0);
  const GlobalVoxel elsewhere{20, 50, 60};
  write_decided(run, "marked.json", {{2, "accept"}, {4, "reject"}},
                {run.table.at(0).first_voxel, run.table.at(1).first_voxel, run.table.at(3).first_voxel,
                 candidate.first_voxel, elsewhere});
  const Config config = config_of_run(world, path("results"), {});
  const std::vector<fs::path> reviews{path("marked.json")};
  const RunReview reviewed = open_review_of_results(world, config, reviews);
  EXPECT_THAT(reviewed.review.missed, testing::ElementsAre(elsewhere));
  EXPECT_EQ(reviewed.review.marks_in_objects.size(), 4U);
  EXPECT_EQ(reviewed.review.of(1), std::nullopt);
  EXPECT_EQ(reviewed.review.of(2), Verdict::accept);
  EXPECT_EQ(reviewed.review.of(4), Verdict::unsure);
  EXPECT_EQ(reviewed.review.of(candidate.id), Verdict::accept);
  const std::vector<std::int64_t> expected{1, 0, 2};  // the candidate is not reported
  EXPECT_EQ(counts_of(evaluation_of(reviewed).objects.agreement()), expected);
  const StoredRun stored = open_stored_run(world, config, MadeFrom::what_the_run_says);
  const std::vector<SegmentSettings> settings{segment_settings(config, stored.volume)};
  const ReviewJudge judge(world, config, reviews, 80);
  EXPECT_EQ(counts_of(judge_settings(world, stored.job, settings, judge).front()), expected);
}

TEST_F(ReviewTest, intervals_are_of_samples_alone) {
  const auto world = Communicator::world();
  const FinishedRun run = finished("results");
  const Config config = config_of_run(world, path("results"), {});
  const auto judged = [&](const std::string& how, const std::vector<std::uint64_t>& chosen,
                          const std::map<std::uint64_t, std::string>& decisions) {
    all_or_throw(world, [&] {
      if (!world.is_root()) return;
      test::ReviewText review = undecided(run);
      review.how = how;
      review.chosen = chosen;
      review.decisions = decisions;
      test::write_bytes(path("sampled.json"), review.text());
    });
    const std::vector<fs::path> reviews{path("sampled.json")};
    const RunReview reviewed = open_review_of_results(world, config, reviews);
    Evaluation result = evaluation_of(reviewed);
    add_intervals(reviewed, {.resamplings = 100}, result);
    return result;
  };
  const std::map<std::uint64_t, std::string> two{{1, "accept"}, {2, "reject"}};
  EXPECT_EQ(judged("largest", {1, 2}, two).bootstrap.resamplings, 0);
  const Evaluation sample = judged("sample", {1, 2}, two);
  EXPECT_EQ(sample.bootstrap.resamplings, 100);
  EXPECT_TRUE(sample.intervals.precision);
  EXPECT_FALSE(sample.intervals.recall) << "marks are no part of a sample";
  EXPECT_EQ(sample.review->precision.sample, 2);
  EXPECT_EQ(sample.review->precision.precision, 0.5);
  EXPECT_TRUE(sample.review->precision.interval);
  EXPECT_EQ(judged("sample", {1}, two).bootstrap.resamplings, 0) << "one was judged that was not drawn";
}

TEST_F(ReviewTest, is_judged_where_its_volume_has_gone) {
  const auto world = Communicator::world();
  const Config config =
      config_of_run(world, path("results"), std::vector<std::string>{"volume.path=nowhere.h5"});
  const std::vector<fs::path> reviews{path("review.json")};
  const RunReview there =
      open_review(world, config_of_run(world, path("results"), {}), reviews, OtherInput::refuse);
  const RunReview gone = open_review_of_results(world, config, reviews);
  EXPECT_EQ(gone.run.volume.extent, there.run.volume.extent);
  EXPECT_EQ(gone.run.volume.voxel_size, there.run.volume.voxel_size);
  EXPECT_EQ(gone.run.volume.offset(), there.run.volume.offset());
  EXPECT_EQ(gone.review.missed, there.review.missed);
  EXPECT_THROW(open_review(world, config, reviews, OtherInput::refuse), CollectiveError);
}

TEST_F(ReviewTest, and_report_wait_for_nobody_who_has_the_run) {
  const auto world = Communicator::world();
  const Config config = config_of_run(world, path("results"), {});
  auto review = options("results", "review.json");
  review.patience = std::chrono::milliseconds(0);
  std::optional<RunLock> held;
  all_or_throw(world, [&] {
    if (!world.is_root()) return;
    fs::remove(path("results/synapses_reviewed.csv"));
    held.emplace(RunFiles(path("results")));
  });
  EXPECT_THROW(run_review(world, review), CollectiveError);
  EXPECT_FALSE(fs::exists(path("results/synapses_reviewed.csv")));
  EXPECT_THROW(
      write_report(world, config, OtherInput::refuse, ReportAgain::yes, std::chrono::milliseconds(0)),
      CollectiveError);
  EXPECT_FALSE(fs::exists(path("results/report")));
  held.reset();
  EXPECT_NO_THROW(run_review(world, review));
}

TEST_F(ReviewTest, settings_are_judged_by_what_their_objects_meet) {
  const auto world = Communicator::world();
  const Config config = config_of_run(world, path("results"), {});
  const std::vector<fs::path> reviews{path("review.json")};
  const ReviewJudge judge(world, config, reviews, 80);
  const auto rows = open_finished_run(world, config, OtherInput::refuse).table;
  std::int64_t accepted = 0;
  for (const Synapse& row : rows) accepted += verdict_on(row.id) == "accept" ? 1 : 0;
  const std::uint64_t marks = rows.size();  // the places behind the objects, which are in order of id
  const auto meeting = [](std::vector<std::uint64_t> truths) {
    FoundObject object;
    object.evidence.known = object.evidence.judged = 1;
    for (const std::uint64_t truth : truths) object.contacts.push_back({0, truth, 1, 0});
    return object;
  };
  const auto judged = [&](const std::vector<FoundObject>& objects) {
    const Agreement a = judge.judge(objects).agreement;
    return std::vector<std::int64_t>{a.matched, a.false_found, a.missed};
  };
  const auto id = [](std::uint64_t number) { return number - 1; };  // 1, 2, 5, 6 accepted; 4 and 8 rejected
  using testing::ElementsAre;
  const std::int64_t all = accepted + 2;
  EXPECT_THAT(judged({}), ElementsAre(0, 0, all));
  EXPECT_THAT(judged({meeting({id(1)}), meeting({id(2)})}), ElementsAre(2, 0, all - 2));
  EXPECT_THAT(judged({meeting({id(4)})}), ElementsAre(0, 1, all)) << "a rejected one";
  EXPECT_THAT(judged({meeting({id(3)}), meeting({id(7)})}), ElementsAre(0, 0, all)) << "undecided, unsure";
  EXPECT_THAT(judged({meeting({})}), ElementsAre(0, 0, all)) << "something new";
  EXPECT_THAT(judged({meeting({id(3), id(4)})}), ElementsAre(0, 0, all)) << "partly undecided";
  EXPECT_THAT(judged({meeting({id(1)}), meeting({id(1)})}), ElementsAre(1, 1, all - 1)) << "in two pieces";
  EXPECT_THAT(judged({meeting({id(1), id(2)})}), ElementsAre(1, 0, all - 1)) << "two in one";
  EXPECT_THAT(judged({meeting({id(1), id(4)})}), ElementsAre(1, 0, all - 1)) << "right, whatever it joins";
  EXPECT_THAT(judged({meeting({marks}), meeting({marks, marks + 1})}), ElementsAre(2, 0, all - 2)) << "marks";
  const UnknownObjects unknown =
      judge.judge(std::vector<FoundObject>{meeting({}), meeting({id(3)}), meeting({id(4)}), meeting({marks})})
          .unknown;
  EXPECT_EQ(unknown.all, 2);
  EXPECT_EQ(unknown.unseen, 1);
}

}  // namespace
}  // namespace cleft
