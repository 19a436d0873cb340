#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using testing::ElementsAre;
using testing::HasSubstr;

void expect_refused(const std::vector<std::string>& line, const std::string& message) {
  const Outcome outcome = run_cleft(line);
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr(message)));
}

TEST(TuneCommand, NeedsATruthOrToBeToldThatThereIsNone) {
  expect_refused({"tune", "run.yaml"}, "--truth, --truth-points, --review or --unsupervised");
  for (const char* truth : {"--truth", "--truth-points"})
    expect_refused({"tune", "run.yaml", "--unsupervised", truth, "t.h5/t"}, "--unsupervised");
}

TEST(TuneCommand, RefusesOptionsThatMeanNothingTogether) {
  expect_refused({"tune", "run.yaml", "--truth", "t.h5/t", "--truth-points", "p.csv"}, "--truth");
  expect_refused({"tune", "run.yaml", "--unsupervised", "--sweep", "threshold.core_ratio=1"}, "--sweep");
  expect_refused({"tune", "run.yaml", "--truth", "t.h5/t", "--force"}, "--out");
}

TEST(TuneCommand, NamesAConfigurationThatIsNotThere) {
  expect_refused({"tune", "nothing.yaml", "--truth", "t.h5/t"}, "nothing.yaml");
}

TEST(TuneCommand, SweepOfEvaluateJudgesARunDirectory) {
  expect_refused({"evaluate", "nothing", "--truth", "t.h5/t", "--sweep", "threshold.core_ratio=1"},
                 "nothing: is no directory");
  expect_refused({"evaluate", "nothing", "--truth", "t.h5/t", "--sweep-csv", "s.csv"}, "--sweep");
  expect_refused(
      {"evaluate", "nothing", "--truth", "t.h5/t", "--sweep", "threshold.core_ratio=1", "--json", "a.json"},
      "--json");
}

TEST(TuneCommand, HelpHasAnExample) {
  EXPECT_THAT(run_cleft({"tune", "--help"}).out, HasSubstr("cleft tune run.yaml --truth"));
}

}  // namespace
}  // namespace cleft
