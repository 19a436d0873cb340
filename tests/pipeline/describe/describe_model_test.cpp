#include "pipeline/describe/describe_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "forest/files/model_file.hpp"
#include "forest/train/train.hpp"
#include "pipeline/train/train_report.hpp"
#include "support/synthetic_samples.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class DescribeModel : public testing::Test {
 protected:
  DescribeModel() {
    const Samples samples = test::synthetic_samples(60, 2, 1);
    const TrainedTrees trained = train_trees(samples, {.trees = 3}, 0, 3, 1);
    model.forest = trained.forest;
    model.classes = {"membrane", "synapse", "rest"};
    FeatureOptions options;
    options.texture.clear();
    options.color = {0.7, 1.0};
    options.edge.clear();
    model.features = feature_selection(options);
    model.grey = {"uint8", {3, 250}};
    model.summary = summarise(samples, trained.out_of_bag);
  }

  test::TempDirectory directory;
  const std::filesystem::path file = directory / "my.model.h5";
  Model model;
};

TEST_F(DescribeModel, says_what_it_tells_apart_and_how_well_it_was_trained) {
  model.voxel_size = VoxelSize{45, 4.6, 4.6};
  write_model(file, model);
  const std::string text = describe_model(file);
  EXPECT_THAT(text, HasSubstr("  classes      membrane, synapse, rest\n"));
  EXPECT_THAT(text, HasSubstr("  features     2\n"));
  EXPECT_THAT(text, HasSubstr("  trained at   45 x 4.6 x 4.6 nm (z, y, x)\n"));
  EXPECT_THAT(text, HasSubstr("  grey values  uint8, 3 to 250\n"));
  EXPECT_THAT(text, EndsWith(training_report(model)));
}

TEST_F(DescribeModel, shows_no_control_characters_and_no_endless_names) {
  model.classes = {"a\x1b[2J", "b\r", std::string(5000, 'c')};
  model.grey.type = "uint8\x1b[31m";
  write_model(file, model);
  const std::string text = describe_model(file);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("a\\x1b[2J"));
  EXPECT_LT(text.size(), 5000U);
}

TEST_F(DescribeModel, need_not_know_the_voxel_size) {
  write_model(file, model);
  EXPECT_THAT(describe_model(file), HasSubstr("  trained at   an unknown voxel size\n"));
}

TEST_F(DescribeModel, is_told_apart_from_other_files_by_its_first_line) {
  write_model(file, model);
  EXPECT_TRUE(is_model_file(file));
  test::write_bytes(directory / "damaged", test::file_bytes(file).substr(0, 100));
  EXPECT_TRUE(is_model_file(directory / "damaged"));
  EXPECT_THROW(describe_model(directory / "damaged"), InputError);
  test::write_bytes(directory / "other", "cleft models are fine");
  EXPECT_FALSE(is_model_file(directory / "other"));
  EXPECT_FALSE(is_model_file(directory / "none"));
}

}  // namespace
}  // namespace cleft
