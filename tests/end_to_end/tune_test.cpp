#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/load.hpp"
#include "config/show.hpp"
#include "end_to_end/small_run.hpp"

namespace cleft::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// One phantom with a stored probability for all tests; few values on each axis keep them quick.
class Tune : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    run = std::make_unique<SmallRun>("32,90,96");
    SmallRun::expect_done(run->detect(2, "results", {}, {"--stage", "predict"}));
  }
  static void TearDownTestSuite() { run.reset(); }

  static std::string truth() { return run->path("phantom.h5") + "/truth/synapses"; }
  static std::vector<std::string> tune_arguments(const std::vector<std::string>& more) {
    std::vector<std::string> line{"tune", run->configuration(), "--truth", truth(), "--min-truth", "20"};
    for (const char* axis :
         {"threshold.sigma=[0.5, 1, 1],0", "threshold.reference_ratio=0.3,1", "threshold.core_ratio=1,3,30",
          "filter.min_size=3,30,100", "filter.max_size=5000,200000", "components.connectivity=26",
          "components.split=none"})
      line.insert(line.end(), {"--sweep", axis});
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }
  /// F1 of what a run of detect with this configuration finds.
  static double f1_by_detect(const std::string& configuration, const std::vector<std::string>& sets,
                             const SmallRun& of = *run) {
    std::vector<std::string> line{"detect", configuration,
                                  "--set",  "run.directory=" + of.path("check"),
                                  "--set",  "run.probability=" + of.path("results")};
    for (const auto& set : sets) line.insert(line.end(), {"--set", set});
    SmallRun::expect_done(run_cleft(line));
    SmallRun::expect_done(
        run_cleft({"evaluate", of.path("check"), "--truth", of.path("phantom.h5") + "/truth/synapses",
                   "--min-truth", "20", "--json", of.path("check.json")}));
    std::ifstream json(of.path("check.json"));
    return nlohmann::json::parse(json)["objects"]["f1"].get<double>();
  }

  static std::unique_ptr<SmallRun> run;
};
std::unique_ptr<SmallRun> Tune::run;

TEST_F(Tune, ReplacesBadSettingsAndKeepsGoodOnes) {
  const std::string out = run->path("tuned.yaml");
  const Outcome bad = run_cleft(tune_arguments({"--set", "threshold.core_ratio=30", "--out", out}));
  ASSERT_EQ(bad.exit_code, 0) << bad.err;
  EXPECT_THAT(bad.out, HasSubstr("\nchanged: F1 "));
  EXPECT_THAT(bad.out, HasSubstr("threshold.core_ratio 30 -> "));
  EXPECT_THAT(bad.out, HasSubstr("  configured\n"));
  EXPECT_THAT(bad.err, HasSubstr("2 smoothings and "));

  // The file says what was changed, and leads to the F1 that was told.
  const std::string written = file_bytes(out);
  EXPECT_THAT(written, HasSubstr("# chosen by cleft tune; it was 30 (--set)"));
  EXPECT_THAT(written, HasSubstr("# changed: F1 "));
  const double f1 = f1_by_detect(out, {});
  EXPECT_THAT(bad.out, HasSubstr(fmt::format("changed: F1 {:.3f} instead of", f1)));
  EXPECT_GT(f1, f1_by_detect(run->configuration(), {"threshold.core_ratio=30"}) + 0.05);

  std::vector<std::string> again = tune_arguments({"--out", run->path("again.yaml")});
  again[1] = out;
  const Outcome good = run_cleft(again);
  ASSERT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("\nkept: the configured settings (F1 " + fmt::format("{:.3f})", f1)));
  EXPECT_TRUE(
      differing_keys(load_config(out), load_config(run->path("again.yaml")), MayDiffer::how_it_runs).empty());
}

TEST_F(Tune, IsTheSameAtAnyNumberOfRanks) {
  const Outcome alone = run_cleft(tune_arguments({"--csv", run->path("scores.csv")}));
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  const std::string scores = file_bytes(run->path("scores.csv"));
  for (const int ranks : {2, 3}) {
    const Outcome several =
        run_cleft(tune_arguments({"--csv", run->path("scores.csv"), "--set", "run.threads_per_rank=2",
                                  "--set", "run.block_shape=[9, 40, 31]"}),
                  ranks);
    EXPECT_EQ(several.out, alone.out);
    EXPECT_EQ(file_bytes(run->path("scores.csv")), scores);
  }
  EXPECT_THAT(scores, testing::StartsWith("threshold.sigma,threshold.reference_ratio,threshold.core_ratio,"));
}

TEST_F(Tune, SaysThatItNeedsTheStoredProbability) {
  const Outcome outcome = run_cleft(tune_arguments({"--set", "run.directory=" + run->path("nothing")}), 2);
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.errors(),
              ElementsAre(HasSubstr("probability.h5: there is no such file; expected the stored probability, "
                                    "which 'cleft detect " +
                                    run->configuration() + " --stage predict' makes")));
}

TEST_F(Tune, ReplacesNoFileWithoutForce) {
  const std::string out = run->path("mine.yaml");
  write_bytes(out, "my: notes\n");
  const Outcome refused = run_cleft(tune_arguments({"--out", out}));
  EXPECT_THAT(refused.errors(), ElementsAre(AllOf(HasSubstr("mine.yaml"), HasSubstr("--force"))));
  EXPECT_EQ(file_bytes(out), "my: notes\n");
  EXPECT_EQ(run_cleft(tune_arguments({"--out", out, "--force"})).exit_code, 0);
  EXPECT_THAT(file_bytes(out), HasSubstr("Made by cleft tune from"));
}

TEST_F(Tune, RefusesATruthOfNothing) {
  const Outcome outcome =
      run_cleft({"tune", run->configuration(), "--truth", truth(), "--min-truth", "1000000"});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("has nothing to be found in what is judged"));
}

TEST_F(Tune, SaysWhenTheTruthIsTooSmallToTell) {
  const std::string points = run->path("two.csv");
  write_bytes(points, "z,y,x,class\n10,20,20,synapse\n20,60,60,synapse\n");
  const Outcome outcome =
      run_cleft({"tune", run->configuration(), "--truth-points", points, "--sweep", "threshold.sigma=0",
                 "--sweep", "threshold.core_ratio=1,3", "--sweep", "components.split=none"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("2 objects to be found tell little"));
}

TEST_F(Tune, WithoutATruthSaysThatItGuesses) {
  const std::string few = run->path("few.yaml");
  const Outcome none = run_cleft({"tune", run->configuration(), "--unsupervised", "--out", few}, 2);
  ASSERT_EQ(none.exit_code, 0) << none.err;
  EXPECT_THAT(none.out, HasSubstr("kept: without a truth nothing can be guessed"));
  EXPECT_THAT(file_bytes(few), HasSubstr("# kept: without a truth nothing can be guessed"));

  const SmallRun large("48,160,200");  // enough objects for their number to say something
  SmallRun::expect_done(large.detect(2, "results", {}, {"--stage", "predict"}));
  const std::string out = large.path("guessed.yaml");
  const Outcome outcome = run_cleft({"tune", large.configuration(), "--unsupervised", "--out", out}, 2);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("a guess, since there is no truth"));
  EXPECT_THAT(outcome.out, HasSubstr("core_ratio  objects of at least"));
  EXPECT_THAT(file_bytes(out), HasSubstr("# a guess, since there is no truth"));
  EXPECT_GT(f1_by_detect(out, {}, large), 0.7) << "of a phantom, where real objects stand out";
  EXPECT_EQ(run_cleft({"tune", large.configuration(), "--unsupervised"}).out,
            outcome.out.substr(0, outcome.out.find("written: ")));
}

TEST_F(Tune, SweepJudgesWhatDetectWouldFind) {
  SmallRun::expect_done(
      run_cleft(run->detect_arguments("swept", {"run.probability=" + run->path("results")})));
  SmallRun::expect_done(run_cleft(run->detect_arguments("results")));
  const std::vector<std::string> line{"evaluate",    run->path("results"),
                                      "--truth",     truth(),
                                      "--min-truth", "20",
                                      "--sweep",     "threshold.core_ratio=0.2,1,4",
                                      "--sweep",     "filter.min_size=3,60",
                                      "--sweep-csv", run->path("sweep.csv")};
  const Outcome outcome = run_cleft(line, 3);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("2 combinations left out that contradict themselves"));
  EXPECT_THAT(outcome.out, HasSubstr("as the run has it"));
  std::istringstream csv(file_bytes(run->path("sweep.csv")));
  std::string header, row;
  std::getline(csv, header);
  EXPECT_THAT(header,
              testing::StartsWith("threshold.core_ratio,filter.min_size,matched,false,missed,precision"));
  for (const char* ratio : {"1", "4"})
    for (const char* size : {"3", "60"}) {
      ASSERT_TRUE(std::getline(csv, row));
      EXPECT_THAT(row, testing::StartsWith(std::string(ratio) + "," + size + ","));
      const double f1 = f1_by_detect(run->configuration(), {std::string("threshold.core_ratio=") + ratio,
                                                            std::string("filter.min_size=") + size});
      EXPECT_THAT(row, HasSubstr(fmt::format(",{},", f1)));
    }
  EXPECT_FALSE(std::getline(csv, row));
}

TEST_F(Tune, RefusesAxesThatAreNone) {
  for (const auto& [axis, message] : std::vector<std::pair<std::string, std::string>>{
           {"threshold.core=3",
            "the key 'threshold.core'; expected one of threshold.sigma, threshold.sigma_nm"},
           {"filter.candidates=3", "the key 'filter.candidates'"},
           {"threshold.core_ratio", "no key and values"},
           {"threshold.core_ratio=3,,5", "an empty value"},
           {"threshold.core_ratio=3,3", "a value twice"},
           {"threshold.core_ratio=3,much", "threshold.core_ratio: 'much'; expected a number >= 0"},
           {"components.connectivity=7", "components.connectivity"},
           {"threshold.core_ratio=0.1", "threshold.reference_ratio"}}) {
    const Outcome outcome =
        run_cleft({"evaluate", run->path("results"), "--truth", truth(), "--sweep", axis}, 2);
    EXPECT_NE(outcome.exit_code, 0) << axis;
    EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr(message))) << axis;
  }
}

}  // namespace
}  // namespace cleft::test
