// What a person at a terminal sees while cleft works.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_to_end/small_run.hpp"
#include "support/terminal.hpp"

namespace cleft::test {
namespace {

using testing::ContainsRegex;
using testing::Not;

/// Runs a command of cleft with standard error on a terminal; what that showed.
std::string shown_by(const std::string& command) {
  Terminal terminal;
  const Outcome outcome = run_line(". " CLEFT_SOURCE_DIR
                                   "/tools/mpi-environment; (ASAN_OPTIONS=detect_leaks=0 timeout -k 5 "
                                   "120 " CLEFT_EXECUTABLE " " +
                                   command + " 2>" + terminal.name() + ")");
  EXPECT_EQ(outcome.exit_code, 0) << terminal.text();
  return terminal.text();
}

TEST(ProgressOnATerminal, EveryLongStepHasALineThatMovesAndIsWipedAway) {
  const SmallRun run;
  const std::string trained = shown_by("train " + run.configuration());
  const std::string detected = shown_by("detect " + run.configuration());
  for (const auto& [shown, step] : {std::pair{trained, "features"},
                                    {trained, "train"},
                                    {detected, "predict"},
                                    {detected, "segment"},
                                    {detected, "write labels"}})
    EXPECT_THAT(shown, ContainsRegex(std::string("\r\x1b\\[K") + step + ": [0-9]+ %[^\n]*\r\x1b\\[K"))
        << step;
}

TEST(ProgressOnATerminal, ALogForMachinesHasNoMovingLine) {
  const SmallRun run;
  EXPECT_THAT(shown_by("detect " + run.configuration() + " --log json"), Not(testing::HasSubstr("\x1b[K")));
}

}  // namespace
}  // namespace cleft::test
