#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using testing::ElementsAre;

Outcome failing_command(const std::vector<std::string>& words, int ranks) {
  return test::run_program(CLEFT_TEST_PROGRAMS "/failing_command", words, ranks);
}

struct Failing {
  std::string how;
  int exit_code;
  std::string line;
};

void PrintTo(const Failing& failing, std::ostream* out) {
  *out << failing.how;
}

class FailingRank : public testing::TestWithParam<Failing> {};

TEST_P(FailingRank, that_the_ranks_agree_on_is_reported_once_and_ends_all_with_its_code) {
  const auto& [how, exit_code, line] = GetParam();
  for (const int ranks : {0, 3}) {
    const Outcome outcome = failing_command({"agreed", how, ranks > 1 ? "2" : "0"}, ranks);
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_THAT(outcome.errors(), ElementsAre("error: " + line));
  }
}

TEST_P(FailingRank, that_nobody_else_knows_of_ends_the_job_and_leaves_nobody_waiting) {
  const auto& [how, exit_code, line] = GetParam();
  const Outcome outcome = failing_command({how, "1"}, 3);
  EXPECT_EQ(outcome.exit_code, exit_code);
  EXPECT_THAT(outcome.errors(), ElementsAre("error: rank 1: " + line));
}

TEST_P(FailingRank, that_is_the_only_one_is_reported_without_its_number) {
  const auto& [how, exit_code, line] = GetParam();
  const Outcome outcome = failing_command({how, "0"}, 0);
  EXPECT_EQ(outcome.exit_code, exit_code);
  EXPECT_THAT(outcome.errors(), ElementsAre("error: " + line));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FailingRank,
    testing::Values(
        Failing{"input", 1, "raw.h5: has 2 axes; expected 3 axes"},
        Failing{"io", 2, "probability.h5: cannot be written"},
        Failing{"memory", 2, "out of memory: lower run.memory_per_rank or use fewer ranks per node"},
        Failing{"filesystem", 2,
                "filesystem error: cannot rename: No such file or directory [/no/such/file] [/no/other]"},
        Failing{"bug", 3, "internal error: two lines"}),
    [](const auto& test) { return test.param.how; });

/// Finalizing MPI would wait for ranks that wait for this one: the session ends the job instead.
TEST(AnExceptionThatLeavesTheSession, ends_all_ranks_and_says_so) {
  for (const int ranks : {0, 3}) {
    const Outcome outcome = failing_command({"uncaught", "bug", ranks > 1 ? "1" : "0"}, ranks);
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_THAT(outcome.err,
                testing::HasSubstr("cleft: an exception left the MPI session; ending all ranks"));
  }
}

TEST(NoFailingRank, means_exit_code_0_and_silence) {
  for (const int ranks : {0, 3}) {
    const Outcome outcome = failing_command({"none", "0"}, ranks);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "");
  }
}

}  // namespace
}  // namespace cleft
