#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "objects/files/synapse_file.hpp"
#include "pipeline/review/evaluate_review.hpp"
#include "pipeline/review/review_input.hpp"
#include "pipeline/review/reviewed_run.hpp"
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

TEST_F(ReviewTest, is_judged_and_settings_are_judged_alike) {
  const auto world = Communicator::world();
  const Config config = config_of_run(world, path("results"), {});
  const std::vector<fs::path> reviews{path("review.json")};
  const RunReview reviewed = open_review(world, config, reviews, OtherInput::refuse);
  Agreement expected;
  expected.missed = 2;
  for (const Synapse& row : reviewed.run.table) {
    expected.matched += verdict_on(row.id) == "accept" ? 1 : 0;
    expected.false_found += verdict_on(row.id) == "reject" ? 1 : 0;
  }
  const Agreement judged = evaluation_of(reviewed).objects.agreement();
  EXPECT_EQ(judged.matched, expected.matched);
  EXPECT_EQ(judged.false_found, expected.false_found);
  EXPECT_EQ(judged.missed, expected.missed);

  // With the run's own settings the same synapses are found; candidates, decided or not, are not found.
  Agreement of_synapses;
  for (const Synapse& row : reviewed.run.table) {
    const bool accepted = verdict_on(row.id) == "accept";
    of_synapses.matched += row.accepted != 0 && accepted ? 1 : 0;
    of_synapses.false_found += row.accepted != 0 && verdict_on(row.id) == "reject" ? 1 : 0;
    of_synapses.missed += row.accepted == 0 && accepted ? 1 : 0;
  }
  of_synapses.missed += 2;
  const StoredRun stored = open_stored_run(world, config, MadeFrom::what_the_run_says);
  const ReviewJudge judge(world, config, reviews, 1);
  const std::vector<SegmentSettings> settings{segment_settings(config, stored.volume)};
  const Agreement found = judge_settings(world, stored.job, settings, judge).front();
  EXPECT_EQ(found.matched, of_synapses.matched);
  EXPECT_EQ(found.false_found, of_synapses.false_found);
  EXPECT_EQ(found.missed, of_synapses.missed);
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
}

}  // namespace
}  // namespace cleft
