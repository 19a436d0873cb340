#include "pipeline/run/run_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_directory.hpp"

namespace cleft {
namespace {

TEST(RunFiles, KnowTheirNames) {
  const RunFiles files("results");
  EXPECT_EQ(files.configuration, "results/run.yaml");
  EXPECT_EQ(files.record, "results/run.json");
  EXPECT_EQ(files.table, "results/synapses.csv");
  EXPECT_EQ(files.kept_table(1), "results/synapses.kept.csv");
  EXPECT_EQ(files.kept_table(12), "results/synapses.kept-12.csv");
  EXPECT_EQ(files.reviewed, "results/synapses_reviewed.h5");
  EXPECT_EQ(files.reviewed_table, "results/synapses_reviewed.csv");
  EXPECT_EQ(files.kept_reviewed_table(1), "results/synapses_reviewed.kept.csv");
  EXPECT_EQ(files.kept_reviewed_table(2), "results/synapses_reviewed.kept-2.csv");
  EXPECT_EQ(files.report, "results/report");
  EXPECT_EQ(to_string(files.label_volume()), "results/synapses.h5:/labels");
  EXPECT_EQ(to_string(files.probability_volume()), "results/probability.h5:/probability");
}

TEST(RunFiles, TellResultsFromWhatIsNone) {
  const test::TempDirectory directory;
  const RunFiles files(directory.path());
  for (const auto& none : {files.configuration, files.record, files.lock}) test::write_bytes(none, "");
  EXPECT_TRUE(files.results_there().empty());
  test::write_bytes(directory / "probability.h5.part", "");
  test::write_bytes(files.table, "");
  EXPECT_THAT(files.results_there(), testing::ElementsAre(directory / "probability.h5.part", files.table));
}

}  // namespace
}  // namespace cleft
