#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/train/train_input.hpp"
#include "pipeline/train/training_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// A volume, and a project with one stroke of each class in it.
class PrepareTraining : public testing::Test {
 protected:
  PrepareTraining() {
    if (world_.is_root()) {
      test::write_volume(directory_ / "raw.h5", "raw", test::training_grey());
      test::write_small_project(directory_ / "my.ilp", {}, [](h5::File& file) {
        auto block = file.write("PixelClassification/LabelSets/labels000/block0000",
                                std::vector<std::uint8_t>{1, 0, 2}, {1, 1, 3, 1});
        block.set_attribute("blockSlice", std::string("[2:3,5:6,7:10,0:1]"));
      });
    }
    world_.barrier();
  }

  TrainInput prepare(const std::string& more) const {
    const std::string text = "volume: {path: " + (directory_ / "raw.h5").string() +
                             ", dataset: /raw}\nmodel: my.model.h5\n" + more;
    return prepare_training(world_, parse_config(text, (directory_ / "run.yaml").string(), {}));
  }
  TrainInput prepare_from_project(const std::string& more = "") const {
    return prepare("labels: {project: " + (directory_ / "my.ilp").string() + "}\n" + more);
  }

  Communicator world_ = Communicator::world();
  const test::TempDirectory directory_{world_};
};

TEST_F(PrepareTraining, TakesClassesFeaturesAndStrokesOfTheProject) {
  const TrainInput input = prepare_from_project();
  EXPECT_THAT(input.classes, ElementsAre("membrane", "synapse"));
  EXPECT_THAT(input.labels, ElementsAre(LabelledVoxel{{2, 5, 7}, 1}, LabelledVoxel{{2, 5, 9}, 2}));
  ASSERT_TRUE(input.features);
  EXPECT_EQ(input.features->channel_count(), 2);
  EXPECT_EQ(input.image.size(), 1U);
  EXPECT_EQ(input.model_of_labels.has_value(), world_.is_root());
}

TEST_F(PrepareTraining, ComparesWithTheProjectsForestOnlyOnItsOwnFeatures) {
  const TrainInput input = prepare_from_project("features: {texture: [], color: [0.7], edge: [1.6]}\n");
  EXPECT_EQ(input.features->channel_count(), 4);
  EXPECT_FALSE(input.model_of_labels);
}

TEST_F(PrepareTraining, TrainsOnFeaturesThatWereSelectedAfterTheProjectsForestWasTrained) {
  test::SmallProject project;
  project.matrix = {1, 1, 0, 0, 0, 1};
  if (world_.is_root())
    test::write_small_project(directory_ / "my.ilp", project, [](h5::File& file) {
      auto block = file.write("PixelClassification/LabelSets/labels000/block0000",
                              std::vector<std::uint8_t>{1, 0, 2}, {1, 1, 3, 1});
      block.set_attribute("blockSlice", std::string("[2:3,5:6,7:10,0:1]"));
    });
  world_.barrier();
  const TrainInput input = prepare_from_project();
  EXPECT_EQ(input.features->channel_count(), 3);
  EXPECT_FALSE(input.model_of_labels);
}

TEST_F(PrepareTraining, RefusesOtherClassesThanTheProjects) {
  EXPECT_THAT([&] { prepare_from_project("classes: [membrane, cleft]\n"); },
              ThrowsMessage<CollectiveError>(HasSubstr("membrane, synapse")));
}

TEST_F(PrepareTraining, WantsLabelsOfEveryClass) {
  if (world_.is_root()) test::write_small_project(directory_ / "my.ilp", {});
  world_.barrier();
  EXPECT_THAT([&] { prepare_from_project(); }, ThrowsMessage<CollectiveError>(HasSubstr("my.ilp")));
}

}  // namespace
}  // namespace cleft
