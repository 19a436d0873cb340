#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "end_to_end/small_run.hpp"
#include "support/review_text.hpp"

namespace cleft {
namespace {

using test::file_bytes;
using test::Outcome;
using test::run_cleft;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

/// What the page has of a run.
nlohmann::json page_data(const fs::path& run) {
  const std::string script = file_bytes(run / "report/data/table.js");
  const auto begin = script.find(',') + 1;
  return nlohmann::json::parse(script.substr(begin, script.rfind(')') - begin));
}

/// A review of what the page has, without a decision.
test::ReviewText review_of(const fs::path& run) {
  const auto data = page_data(run);
  return {.table = data["run"]["table"],
          .model = data["run"]["model"],
          .how = data["pictures"]["how"],
          .chosen = data["pictures"]["chosen"]};
}

/// All that is in a folder and those below it.
std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    names.insert(entry.path().lexically_relative(folder).string());
  return names;
}

/// One run with its report for all tests.
class ReviewCommand : public testing::Test {
 protected:
  static test::SmallRun& run() {
    static test::SmallRun small;
    static const bool made = [&] {
      test::SmallRun::expect_done(
          small.detect(0, "results", {"report.make=true", "report.choose=sample", "report.max_objects=5"}));
      return true;
    }();
    EXPECT_TRUE(made);
    return small;
  }
  static std::string results() { return run().path("results"); }
  static std::string reviewed() { return results() + "/synapses_reviewed.csv"; }

  static std::string write(const std::string& name, const std::string& text) {
    test::write_bytes(run().path(name), text);
    return run().path(name);
  }
  /// A file of a review in which all chosen are accepted but the first.
  static std::string decided(const std::string& name) {
    auto review = review_of(results());
    for (const auto id : review.chosen) review.decisions[id] = "accept";
    review.decisions[review.chosen.front()] = "reject";
    return write(name, review.text());
  }
  static void expect_refused(const std::vector<std::string>& arguments, const std::string& part,
                             const std::vector<std::string>& more = {}) {
    fs::remove(reviewed());
    auto all = arguments;
    all.insert(all.end(), more.begin(), more.end());
    for (const int ranks : {0, 2}) {
      const Outcome outcome = run_cleft(all, ranks);
      EXPECT_EQ(outcome.exit_code, 1) << part;
      EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr(part)));
      EXPECT_FALSE(fs::exists(reviewed()));
    }
  }
};

TEST_F(ReviewCommand, writes_the_table_without_what_was_rejected_and_tells_the_precision) {
  const std::string file = decided("review.json");
  auto names = names_in(run().path("."));
  names.insert({"results/synapses_reviewed.csv", "results/synapses_reviewed.h5"});
  const Outcome outcome = run_cleft({"review", results(), file}, 2);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("reviewed:  4 accepted, 1 rejected, 0 unsure"));
  EXPECT_THAT(outcome.out,
              HasSubstr("\nprecision 0.800 (95 % interval 0.284-0.995): 4 of 5 decided of a random "
                        "sample of 5 of"));
  EXPECT_THAT(outcome.out, HasSubstr("written:   " + reviewed() + "\n"));
  const std::string before = file_bytes(results() + "/synapses.csv"), after = file_bytes(reviewed());
  EXPECT_EQ(std::count(before.begin(), before.end(), '\n') - 1, std::count(after.begin(), after.end(), '\n'));
  EXPECT_EQ(after.substr(0, after.find('\n')), before.substr(0, before.find('\n')) + ",verdict");
  const auto more = names_in(run().path("."));
  EXPECT_EQ(more, names) << "labels only where they are asked for";
}

TEST_F(ReviewCommand, says_why_there_is_no_precision) {
  auto review = review_of(results());
  review.how = "largest";
  review.decisions = {{review.chosen.front(), "accept"}};
  const Outcome outcome = run_cleft({"review", results(), write("largest.json", review.text())});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\nno precision: the 5 objects with pictures were the largest"));
}

TEST_F(ReviewCommand, merges_several_people_and_names_conflicts) {
  const std::string anna = decided("anna.json");
  auto review = review_of(results());
  const auto first = review.chosen[0], second = review.chosen[1];
  review.decisions = {{first, "reject"}, {second, "reject"}};
  const std::string ben = write("ben.json", review.text());
  const Outcome outcome = run_cleft({"review", results(), anna, ben});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("object " + std::to_string(second) + ": accept in " + anna +
                                     ", reject in " + ben + ": counts as unsure"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("object " + std::to_string(first) + ":")));
  EXPECT_THAT(outcome.out, HasSubstr("3 accepted, 1 rejected, 1 unsure"));
}

TEST_F(ReviewCommand, refuses_what_is_no_review_of_this_run_in_one_line) {
  const auto sound = review_of(results());
  const auto refuse = [&](const std::string& part, auto change) {
    auto review = sound;
    change(review);
    expect_refused({"review", results(), write("wrong.json", review.text())}, part);
  };
  refuse("another run's table", [](auto& r) { r.table[0] = r.table[0] == '0' ? '1' : '0'; });
  refuse("another model", [](auto& r) { r.model[0] = r.model[0] == '0' ? '1' : '0'; });
  refuse("decides on \"999999\"", [](auto& r) { r.decisions[999999] = "accept"; });
  refuse("the verdict \"good\"", [](auto& r) { r.decisions[r.chosen[0]] = "good"; });
  refuse("missed place [40,0,0]", [](auto& r) { r.missed = {{40, 0, 0}}; });
  std::string text = sound.text();
  text.replace(text.find("\"version\": 1"), 12, "\"version\": 2");
  expect_refused({"review", results(), write("wrong.json", text)}, "has version 2");
  expect_refused({"review", results(), write("wrong.json", "reject all")}, "is no JSON");
  expect_refused({"review", results(), write("wrong.json", std::string((64U << 20U) + 1, ' '))},
                 "at most 67108864 bytes");
  expect_refused({"review", results(), run().path("none.json")}, "none.json");
  expect_refused({"review", run().path("."), run().path("none.json")}, "a finished run");
}

TEST_F(ReviewCommand, refuses_another_volume_and_a_report_that_is_none) {
  const std::string file = decided("review.json");
  const std::string volume = run().path("other.h5");
  test::SmallRun::expect_done(run_cleft(
      {"phantom", volume, "--extent", "40,110,120", "--voxel-size", "12,16,16", "--seed", "2", "--force"}));
  const std::vector<std::string> other{"review", results(), file, "--set", "volume.path=" + volume};
  expect_refused(other, "is not what");
  auto accepting = other;
  accepting.emplace_back("--accept-input");
  EXPECT_EQ(run_cleft(accepting).exit_code, 0);
  fs::rename(results() + "/report", results() + "/kept");
  fs::create_directory(results() + "/report");
  expect_refused({"review", results(), file}, "is no report of cleft");
  fs::remove(results() + "/report");
  EXPECT_EQ(run_cleft({"review", results(), file}).exit_code, 0) << "a report need not be there";
  fs::rename(results() + "/kept", results() + "/report");
}

TEST_F(ReviewCommand, replaces_no_file_of_others) {
  const std::string file = decided("review.json"), labels = run().path("labels.h5");
  test::write_bytes(labels, "somebody's");
  expect_refused({"review", results(), file, "--labels", labels}, "is there already");
  EXPECT_EQ(run_cleft({"review", results(), file, "--labels", labels, "--force"}).exit_code, 0);
  expect_refused({"review", results(), file, "--labels", run().path("nowhere/a.h5")}, "nowhere");
  expect_refused({"review", results(), file, "--labels", labels, "--force", "--rejected-class", "synapse"},
                 "--rejected-class");
  expect_refused({"review", results(), file, "--force", "--labels", run().path("phantom.h5"), "--set",
                  "volume.path=" + run().path("phantom.h5/raw")},
                 "is a file of the run");
  for (const auto* name : {"results/synapses.h5", "phantom.h5", "synapse.model.h5", "review.json"})
    expect_refused({"review", results(), file, "--force", "--labels", run().path(name)},
                   "is a file of the run");
  ASSERT_EQ(run_cleft({"review", results(), file}).exit_code, 0);
  test::write_bytes(reviewed(), "worked on");
  const Outcome again = run_cleft({"review", results(), file});
  EXPECT_THAT(again.err, HasSubstr("the earlier table is kept as"));
  EXPECT_EQ(file_bytes(results() + "/synapses_reviewed.kept.csv"), "worked on");
  fs::rename(results() + "/synapses_reviewed.h5", run().path("kept.h5"));
  test::write_bytes(results() + "/synapses_reviewed.h5", "somebody's");
  expect_refused({"review", results(), file}, "is there already and is no synapse file");
  fs::rename(run().path("kept.h5"), results() + "/synapses_reviewed.h5");
}

TEST_F(ReviewCommand, is_known_to_info) {
  ASSERT_EQ(run_cleft({"review", results(), decided("review.json")}).exit_code, 0);
  EXPECT_THAT(run_cleft({"info", results()}).out,
              HasSubstr("reviewed     synapses_reviewed.h5 as written; synapses_reviewed.csv as written; "));
  EXPECT_THAT(run_cleft({"info", results()}).out, Not(HasSubstr("of other results than are there now")));
  const std::string table = results() + "/synapses.csv", rows = file_bytes(table);
  test::write_bytes(table, rows + "\n");
  EXPECT_THAT(run_cleft({"info", results()}).out, HasSubstr("of other results than are there now"))
      << "the table is no longer the one that was reviewed";
  test::write_bytes(table, rows);
  std::string bytes = file_bytes(results() + "/synapses_reviewed.h5");
  bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
  test::write_bytes(results() + "/synapses_reviewed.h5", bytes);
  const Outcome damaged = run_cleft({"info", results()});
  EXPECT_NE(damaged.exit_code, 0);
  EXPECT_THAT(damaged.out, HasSubstr("synapses_reviewed.h5 DAMAGED"));
}

TEST_F(ReviewCommand, evaluate_and_tune_take_reviews_in_place_of_a_truth) {
  auto review = review_of(results());
  review.decisions = {
      {review.chosen[0], "reject"}, {review.chosen[1], "accept"}, {review.chosen[2], "unsure"}};
  review.missed = {{20, 50, 60}};
  const std::string file = write("review.json", review.text()), json = run().path("judged.json");
  const Outcome judged = run_cleft({"evaluate", results(), "--review", file + "," + file, "--json", json}, 2);
  ASSERT_EQ(judged.exit_code, 0) << judged.err;
  EXPECT_THAT(judged.out, HasSubstr("review       1 accepted, 1 rejected; 1 unsure and"));
  EXPECT_THAT(judged.out, HasSubstr("decided      precision 0.5000  recall 0.5000  F1 0.5000"));
  EXPECT_THAT(judged.out, HasSubstr("of the decided objects alone"));
  EXPECT_THAT(judged.out, HasSubstr("intervals    precision 0.000-1.000  recall undefined  F1 undefined"))
      << "the sample is of synapses, not of what was missed";
  EXPECT_THAT(judged.out, HasSubstr("missed       1\n  mark     1  at z 20.0, y 50.0, x 60.0"));
  const auto written = nlohmann::json::parse(file_bytes(json));
  EXPECT_EQ(written["objects"]["matched"], 1);
  EXPECT_EQ(written["objects"]["false_objects"][0]["id"], review.chosen[0]);
  EXPECT_EQ(written["objects"]["review"]["unsure"], 1);
  const std::vector<std::string> sweep{"evaluate", results(), "--review",
                                       file,       "--sweep", "threshold.core_ratio=1,2"};
  const Outcome swept = run_cleft(sweep, 2);
  EXPECT_EQ(swept.exit_code, 0) << swept.err;
  EXPECT_THAT(swept.err, HasSubstr("judged by 1 accepted object, 1 rejected one and 1 missed place"));
  const std::string tuned = run().path("tuned.yaml");
  const Outcome tune =
      run_cleft({"tune", run().configuration(), "--set", "run.directory=" + results(), "--review", file,
                 "--sweep", "threshold.core_ratio=1,2,3", "--out", tuned, "--force"},
                2);
  EXPECT_EQ(tune.exit_code, 0) << tune.err;
  const std::string heading = file_bytes(tuned).substr(0, 600);
  EXPECT_THAT(tune.out, HasSubstr("warning: of what these settings find, the review says nothing of "));
  EXPECT_THAT(heading, HasSubstr("warning: of what these settings find, the review says nothing of "));
  const Outcome far = run_cleft({"evaluate", results(), "--review", file, "--distance-nm", "40"});
  EXPECT_NE(far.exit_code, 0) << "marks are compared with what settings find";
  EXPECT_THAT(far.err, HasSubstr("--distance-nm"));
  auto sweep_far = sweep;
  sweep_far.insert(sweep_far.end(), {"--distance-nm", "40"});
  EXPECT_EQ(run_cleft(sweep_far).exit_code, 0);
  EXPECT_EQ(
      run_cleft({"evaluate", results(), "--review", file, "--truth", run().path("phantom.h5")}).exit_code, 1);
  review.table[0] = review.table[0] == '0' ? '1' : '0';
  const Outcome other = run_cleft({"evaluate", results(), "--review", write("other.json", review.text())}, 2);
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.errors(), ElementsAre(HasSubstr("another run's table")));
}

}  // namespace
}  // namespace cleft
