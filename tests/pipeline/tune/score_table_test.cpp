#include "pipeline/tune/score_table.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_directory.hpp"

namespace cleft {
namespace {

const std::vector<std::string> keys{"threshold.sigma", "threshold.core_ratio"};
const std::vector<ScoredSetting> settings{
    {{"[1, 2, 2]", "3"}, {3, 1, 0}, {Interval{0.5, 1}, Interval{1, 1}, Interval{0.625, 1}}, "configured"},
    {{"5", "10"}, {0, 0, 3}, {}, ""}};

TEST(ScoreTable, HasALineForEachSetting) {
  EXPECT_EQ(score_table(keys, settings),
            "sigma      core_ratio  matched  false  missed  precision           recall              F1\n"
            "[1, 2, 2]  3           3        1      0       0.750 [0.50, 1.00]  1.000 [1.00, 1.00]  "
            "0.857 [0.62, 1.00]  configured\n"
            "5          10          0        0      3       -                   0.000               0.000\n");
}

TEST(ScoreTable, CsvReadsBackAndIsKnownAsSuch) {
  const std::string csv = score_csv(keys, settings);
  EXPECT_EQ(
      csv,
      "threshold.sigma,threshold.core_ratio,matched,false,missed,precision,precision_low,precision_high,"
      "recall,recall_low,recall_high,f1,f1_low,f1_high\n"
      "\"[1, 2, 2]\",3,3,1,0,0.75,0.5,1,1,1,1,0.8571428571428571,0.625,1\n"
      "5,10,0,0,3,,,,0,,,0,,\n");
  const test::TempDirectory directory;
  std::ofstream(directory / "scores.csv") << csv;
  std::ofstream(directory / "other.csv") << "z,y,x,class\n1,2,3,synapse\n";
  EXPECT_TRUE(is_score_csv(directory / "scores.csv"));
  EXPECT_FALSE(is_score_csv(directory / "other.csv"));
  EXPECT_FALSE(is_score_csv(directory / "nothing.csv"));
}

}  // namespace
}  // namespace cleft
