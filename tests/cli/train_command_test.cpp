#include <filesystem>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using testing::HasSubstr;

/// A volume that is dark on the left, with a stroke of either class.
class TrainCommand : public testing::Test {
 protected:
  test::TempDirectory temp;
  const std::string configuration = (temp / "run.yaml").string();

  void SetUp() override {
    constexpr hsize_t rows = 24, columns = 32;
    std::vector<int> grey, labels;
    for (std::size_t y = 0; y < rows; ++y) {
      for (std::size_t x = 0; x < columns; ++x) {
        grey.push_back(static_cast<int>((x < 16 ? 40 : 180) + (x * 7 + y * 13) % 11));
        labels.push_back(y != 12 ? 0 : x < 10 ? 1 : x > 20 ? 2 : 0);
      }
    }
    h5::write_file(temp / "data.h5", [&](h5::File& file) {
      file.write("raw", std::vector<std::uint8_t>(grey.begin(), grey.end()), {1, rows, columns});
      file.write("labels", std::vector<std::uint8_t>(labels.begin(), labels.end()), {1, rows, columns});
    });
    test::write_bytes(configuration,
                      "volume: {path: data.h5, dataset: /raw}\n"
                      "labels: {path: data.h5, dataset: /labels}\n"
                      "classes: [dark, bright]\n"
                      "features: {texture: [], color: [small, large], edge: [], dimensions: 2d}\n"
                      "forest: {trees: 10}\n"
                      "model: my.model.h5\n");
  }
  Outcome trained(const std::vector<std::string>& options = {}, int ranks = 0) const {
    std::vector<std::string> line{"train", configuration};
    line.insert(line.end(), options.begin(), options.end());
    return run_cleft(line, ranks);
  }
  std::string model() const { return test::file_bytes(temp / "my.model.h5"); }
};

TEST_F(TrainCommand, PrintsHowWellTheForestDoesAndWritesTheSameModelOnAnyRanks) {
  const Outcome alone = trained();
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_THAT(alone.out,
              HasSubstr("trained on 21 labelled voxels with 2 features\nout-of-bag error: 0.00 %"));
  EXPECT_THAT(alone.out, HasSubstr("dark                              10        10         0    0.0 %\n"));
  EXPECT_THAT(alone.out, HasSubstr("GaussianSmoothing sigma=1.6\n"));
  const std::string of_one_process = model();
  EXPECT_THAT(of_one_process, testing::StartsWith("cleft model\nformat 1\n"));
  for (const int ranks : {1, 3}) {
    const Outcome together = trained({}, ranks);
    EXPECT_EQ(together.exit_code, 0) << together.err;
    EXPECT_EQ(together.out, alone.out);
    EXPECT_EQ(model(), of_one_process) << ranks << " ranks";
  }
}

TEST_F(TrainCommand, TakesValuesFromTheLine) {
  ASSERT_EQ(trained().exit_code, 0);
  const std::string before = model();
  const Outcome outcome = trained({"--set", "forest.trees=3", "--set", "forest.seed=9", "--force"});
  EXPECT_THAT(outcome.out, testing::StartsWith("3 trees with "));
  EXPECT_NE(model(), before);
}

TEST_F(TrainCommand, ReplacesAModelOfOtherSettingsOnlyWhenForced) {
  ASSERT_EQ(trained().exit_code, 0);
  const std::string before = model();
  EXPECT_EQ(trained().exit_code, 0) << "the same configuration";
  for (const int ranks : {0, 2}) {
    const Outcome outcome = trained({"--set", "forest.trees=3", "--set", "features.color=[small]"}, ranks);
    EXPECT_EQ(outcome.exit_code, 1);
    ASSERT_EQ(outcome.errors().size(), 1U) << outcome.err;
    EXPECT_THAT(
        outcome.errors()[0],
        HasSubstr("my.model.h5: is there already, trained with other values of: features, trees; expected "
                  "the same configuration, another name for the model, or --force"));
    EXPECT_EQ(model(), before);
  }
  EXPECT_EQ(trained({"--set", "forest.trees=3", "--force"}).exit_code, 0);
  EXPECT_NE(model(), before);
}

TEST_F(TrainCommand, RefusesToReplaceAModelOfAnotherVolumeWithTheSameLabels) {
  ASSERT_EQ(trained().exit_code, 0);
  h5::write_file(temp / "other.h5", [](h5::File& file) {
    file.write("raw", std::vector<std::uint8_t>(std::size_t{24} * 32, 7), {1, 24, 32});
  });
  const std::string other = "volume.path=" + (temp / "other.h5").string();
  EXPECT_THAT(trained({"--set", other}).err, HasSubstr("trained with other values of: volume"));
  EXPECT_THAT(
      trained({"--set", other, "--force"}).err,
      HasSubstr("other.h5:/raw: every labelled voxel has the grey value 7; nothing can be learnt from it"));
}

TEST_F(TrainCommand, LeavesTheModelThatWasThereWhenItFails) {
  ASSERT_EQ(trained().exit_code, 0);
  const std::string before = model();
  for (const int ranks : {0, 2}) {
    const Outcome outcome = trained({"--set", "classes=[dark, bright, grey]"}, ranks);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.out, "");
    ASSERT_EQ(outcome.errors().size(), 1U) << outcome.err;
    EXPECT_THAT(outcome.errors()[0], HasSubstr("class 'grey' (label 3) has no labelled voxel"));
    EXPECT_EQ(model(), before);
  }
}

TEST_F(TrainCommand, WarnsOfFewLabelsAndOfAForegroundThatIsNoClass) {
  const Outcome outcome = trained();
  EXPECT_THAT(outcome.err, HasSubstr("class 'dark' has 10 voxels; label a few hundred of each class"));
  EXPECT_THAT(
      outcome.err,
      HasSubstr("threshold.foreground: is 'synapse'; expected one of classes: dark, bright; cleft detect"));
  EXPECT_THAT(trained({"--set", "threshold.foreground=dark"}).err, testing::Not(HasSubstr("foreground")));
}

TEST_F(TrainCommand, SaysWhereAValueIsNotANumber) {
  h5::write_file(temp / "nan.h5", [](h5::File& file) {
    std::vector<float> grey(std::size_t{24} * 32);
    grey[12 * 32 + 5] = std::numeric_limits<float>::quiet_NaN();
    file.write("raw", grey, {1, 24, 32});
  });
  const Outcome outcome = trained({"--set", "volume.path=" + (temp / "nan.h5").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("labelled voxel at z 0, y 12, x "));
}

TEST_F(TrainCommand, SaysAtOnceWhenTheModelCannotBeWritten) {
  const Outcome outcome = trained({"--set", "model=" + (temp / "nowhere/my.model.h5").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("its folder does not exist"));
  EXPECT_FALSE(std::filesystem::exists(temp / "nowhere"));
}

}  // namespace
}  // namespace cleft
