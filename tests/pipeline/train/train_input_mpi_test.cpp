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

const std::string small_features = "features: {texture: [], color: [0.7], edge: []}\n";

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
  EXPECT_THAT(input.volumes.front().labels,
              ElementsAre(LabelledVoxel{{2, 5, 7}, 1}, LabelledVoxel{{2, 5, 9}, 2}));
  ASSERT_EQ(input.volumes.size(), 1U);
  ASSERT_TRUE(input.volumes.front().features);
  EXPECT_EQ(input.volumes.front().features->channel_count(), 2);
  EXPECT_EQ(input.volumes.front().image.size(), 1U);
  EXPECT_EQ(input.model_of_labels.has_value(), world_.is_root());
}

TEST_F(PrepareTraining, ComparesWithTheProjectsForestOnlyOnItsOwnFeatures) {
  const TrainInput input = prepare_from_project("features: {texture: [], color: [0.7], edge: [1.6]}\n");
  EXPECT_EQ(input.volumes.front().features->channel_count(), 4);
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
  EXPECT_EQ(input.volumes.front().features->channel_count(), 3);
  EXPECT_FALSE(input.model_of_labels);
}

TEST_F(PrepareTraining, RefusesOtherClassesThanTheProjects) {
  EXPECT_THAT([&] { prepare_from_project("classes: [membrane, cleft]\n"); },
              ThrowsMessage<CollectiveError>(HasSubstr("membrane, synapse")));
}

TEST_F(PrepareTraining, RefusesStrokesOfAnImageOfAnotherShapeUnlessTheyArePlaced) {
  const auto write = [&](const std::vector<std::int64_t>& shape) {
    if (world_.is_root())
      test::write_small_project(directory_ / "my.ilp", {}, [&](h5::File& file) {
        file.write("Input Data/infos/lane0000/Raw Data/shape", shape);
        auto block = file.write("PixelClassification/LabelSets/labels000/block0000",
                                std::vector<std::uint8_t>{1, 0, 2}, {1, 1, 3, 1});
        block.set_attribute("blockSlice", std::string("[2:3,5:6,7:10,0:1]"));
      });
    world_.barrier();
  };
  const auto with_begin = [&](const std::string& begin) {
    return prepare("labels: {project: " + (directory_ / "my.ilp").string() + begin + "}\n");
  };
  write({14, 40, 44, 1});
  EXPECT_EQ(prepare_from_project().volumes.front().labels.front().voxel, (GlobalVoxel{2, 5, 7}));
  write({10, 20, 30, 1});
  EXPECT_THAT([&] { prepare_from_project(); },
              ThrowsMessage<CollectiveError>(testing::AllOf(
                  HasSubstr("my.ilp: was labelled on an image of 10 x 20 x 30 (z, y, x), but"),
                  HasSubstr("raw.h5:/raw is 14 x 40 x 44"), HasSubstr("labels.begin: [z, y, x]"))));
  const TrainInput input = with_begin(", begin: [4, 20, 14]");
  EXPECT_THAT(input.volumes.front().labels,
              ElementsAre(LabelledVoxel{{6, 25, 21}, 1}, LabelledVoxel{{6, 25, 23}, 2}));
  for (const char* begin : {", begin: [5, 20, 14]", ", begin: [4, 20, 15]", ", begin: [1000000000000, 0, 0]"})
    EXPECT_THAT([&] { with_begin(begin); },
                ThrowsMessage<CollectiveError>(HasSubstr("beyond the end of the volume")))
        << begin;
}

TEST_F(PrepareTraining, FindsTheImageOfAProjectOnImagesOfAnotherFormat) {
  if (world_.is_root())
    test::write_small_project(directory_ / "my.ilp", {}, [](h5::File& file) {
      int image = 0;
      for (const std::string name : {"images/other.tif", "images/raw.tif"}) {
        const std::string lane = fmt::format("Input Data/infos/lane{:04}/Raw Data", image);
        file.remove(lane);
        file.create_group(lane).write_text("filePath", name);
        auto block = file.write(fmt::format("PixelClassification/LabelSets/labels{:03}/block0000", image),
                                std::vector<std::uint8_t>{1, 0, 2}, {1, 1, 3, 1});
        block.set_attribute("blockSlice", fmt::format("[{0}:{1},5:6,7:10,0:1]", image, image + 1));
        ++image;
      }
    });
  world_.barrier();
  EXPECT_EQ(prepare_from_project().volumes.front().labels.front().voxel.z, 1);
  const std::string project = "labels: {project: " + (directory_ / "my.ilp").string();
  for (const char* lane : {"0", "lane0000", "other", "other.tif"})
    EXPECT_EQ(prepare(project + ", lane: " + lane + "}\n").volumes.front().labels.front().voxel.z, 0) << lane;
  EXPECT_THAT(
      [&] { prepare(project + ", lane: 2}\n"); },
      ThrowsMessage<CollectiveError>(HasSubstr(
          "has no image '2'; expected one of its images, by number or name: 0: other.tif, 1: raw.tif")));
}

TEST_F(PrepareTraining, TakesSeveralVolumesOfOneType) {
  if (world_.is_root()) {
    test::write_volume(directory_ / "b.h5", "raw", test::training_grey());
    test::write_bytes(directory_ / "a.csv", "0,0,0,1\n0,0,1,2\n");
    test::write_bytes(directory_ / "b.csv", "9,9,9,synapse\n");
    h5::write_file(directory_ / "wide.h5", [](h5::File& file) {
      file.write("raw", std::vector<std::uint16_t>(14 * 40 * 44, 3), {14, 40, 44});
      file.write("two", std::vector<std::uint8_t>(std::size_t{2} * 14 * 40 * 44, 3), {2, 14, 40, 44});
    });
  }
  world_.barrier();
  const auto labels = [&](const std::string& second) {
    return "classes: [membrane, synapse]\nfeatures: {texture: [], color: [0.7], edge: []}\nlabels:\n  - "
           "{csv: " +
           (directory_ / "a.csv").string() + "}\n  - {csv: " + (directory_ / "b.csv").string() +
           ", volume: {" + second + "}}\n";
  };
  const TrainInput input = prepare(labels("path: b.h5/raw"));
  ASSERT_EQ(input.volumes.size(), 2U);
  EXPECT_EQ(input.label_count(), 3U);
  EXPECT_EQ(input.volumes[0].facts.path.file, directory_ / "raw.h5");
  EXPECT_EQ(input.volumes[1].facts.path.file, directory_ / "b.h5");
  EXPECT_THAT(input.volumes[1].labels, ElementsAre(LabelledVoxel{{9, 9, 9}, 2}));
  EXPECT_THAT([&] { prepare(labels("path: wide.h5/raw")); },
              ThrowsMessage<CollectiveError>(HasSubstr("wide.h5:/raw: holds uint16 values, but")));
  EXPECT_THAT([&] { prepare(labels("path: wide.h5/two, axes: czyx")); },
              ThrowsMessage<CollectiveError>(HasSubstr("has 2 channels, but")));
  EXPECT_THAT([&] { prepare(labels("path: none.h5")); },
              ThrowsMessage<CollectiveError>(testing::AllOf(HasSubstr("run.yaml:7: labels[1].volume.path: "),
                                                            HasSubstr("none.h5: there is no such file"))));
}

TEST_F(PrepareTraining, TakesNoVoxelFromTwoEntries) {
  if (world_.is_root()) {
    std::filesystem::create_symlink(directory_ / "raw.h5", directory_ / "same.h5");
    test::write_bytes(directory_ / "a.csv", "0,0,0,1\n3,0,1,2\n");
    test::write_bytes(directory_ / "again.csv", "3,0,0,1\n3,0,1,2\n");
    test::write_bytes(directory_ / "other.csv", "3,0,1,1\n");
    test::write_bytes(directory_ / "rest.csv", "3,0,2,1\n");
  }
  world_.barrier();
  const auto with = [&](const std::string& second, const std::string& more = "") {
    return prepare(
        "classes: [membrane, synapse]\nfeatures: {texture: [], color: [0.7], edge: []}\nlabels:\n  - {csv: " +
        (directory_ / "a.csv").string() + "}\n  - {csv: " + (directory_ / second).string() + more + "}\n");
  };
  EXPECT_EQ(with("rest.csv").label_count(), 3U);
  EXPECT_THAT([&] { with("again.csv"); }, ThrowsMessage<CollectiveError>(testing::AllOf(
                                              HasSubstr("again.csv: labels voxel 3, 0, 1 (z, y, x) of "),
                                              HasSubstr("a.csv labels too;"))));
  EXPECT_THAT([&] { with("other.csv", ", volume: {path: same.h5, dataset: /raw}"); },
              ThrowsMessage<CollectiveError>(HasSubstr("a.csv labels too with 2, not 1;")));
}

TEST_F(PrepareTraining, WantsLabelsOfEveryClass) {
  if (world_.is_root()) test::write_small_project(directory_ / "my.ilp", {});
  world_.barrier();
  EXPECT_THAT([&] { prepare_from_project(); }, ThrowsMessage<CollectiveError>(HasSubstr("my.ilp")));
}

TEST_F(PrepareTraining, SaysWhatVolumeBoxHasCutAway) {
  if (world_.is_root())
    test::write_volume(directory_ / "l.h5", "l",
                       test::stroke_volume({{{2, 5, 7}, 1}, {{2, 5, 9}, 2}, {{11, 5, 9}, 2}, {{11, 6, 9}, 3}},
                                           test::training_extent));
  world_.barrier();
  const std::string labels = "labels: {path: " + (directory_ / "l.h5/l").string() + "}\n",
                    csv = "labels: {csv: " + (directory_ / "l.csv").string() + "}\n";
  if (world_.is_root()) test::write_bytes(directory_ / "l.csv", "2,5,7,1\n2,5,9,2\n11,5,9,2\n11,6,9,3\n");
  world_.barrier();
  for (const std::string& of : {labels, csv}) {
    const auto boxed = [&](const std::string& box) {
      const std::string text = "volume: {path: " + (directory_ / "raw.h5").string() +
                               ", dataset: /raw, box: " + box + "}\nmodel: my.model.h5\n" + small_features +
                               of;
      return prepare_training(world_, parse_config(text, (directory_ / "run.yaml").string(), {}));
    };
    EXPECT_THAT(
        [&] { boxed("[3:10, :, :]"); },
        ThrowsMessage<CollectiveError>(testing::AllOf(
            HasSubstr("no voxel is labelled in volume.box (z 3:10, y 0:40, x 0:44); 4 labelled voxels "
                      "outside it"),
            HasSubstr("expected labels of every class in volume.box"))));
    EXPECT_THAT([&] { boxed("[3:14, :, :]"); },
                ThrowsMessage<CollectiveError>(
                    testing::AllOf(HasSubstr("class 'membrane' (label 1) has no labelled voxel; 1 voxel of "),
                                   HasSubstr(" outside volume.box (z 3:14"))));
    EXPECT_EQ(boxed("[0:12, :, :]").label_count(), 4U);
  }
}

TEST_F(PrepareTraining, RefusesLabelsOfOtherClassesOrOtherVoxels) {
  if (world_.is_root())
    h5::write_file(directory_ / "l.h5", [](h5::File& file) {
      const auto strokes = test::stroke_volume(test::training_strokes(), test::training_extent);
      const std::vector<std::uint8_t> values(strokes.voxels().begin(), strokes.voxels().end());
      file.write("named", values, {14, 40, 44})
          .set_attribute("classes", std::vector<std::string>{"rest", "membrane", "synapse"});
      file.write("sized", values, {14, 40, 44}).set_attribute("resolution", std::vector<double>{8, 8, 8});
    });
  world_.barrier();
  const auto with = [&](const std::string& dataset, const std::string& more = "") {
    const std::string text = "volume: {path: " + (directory_ / "raw.h5").string() +
                             ", dataset: /raw, voxel_size_nm: [40, 8, 8]" + more + "}\nmodel: my.model.h5\n" +
                             small_features + "labels: {path: " + (directory_ / "l.h5").string() + dataset +
                             "}\n";
    return prepare_training(world_, parse_config(text, (directory_ / "run.yaml").string(), {}));
  };
  EXPECT_THAT([&] { with("/named"); },
              ThrowsMessage<CollectiveError>(testing::AllOf(HasSubstr("rest, membrane, synapse"),
                                                            HasSubstr("expected membrane, synapse, rest"))));
  EXPECT_THAT([&] { with("/sized"); },
              ThrowsMessage<CollectiveError>(testing::AllOf(HasSubstr("has voxels of 8 x 8 x 8 nm"),
                                                            HasSubstr("expected 40 x 8 x 8 nm"),
                                                            HasSubstr("volume.trust: config"))));
  EXPECT_GT(with("/sized", ", trust: config").label_count(), 0U);
  // Where the configuration overrules, labels need not agree with themselves.
  world_.barrier();
  if (world_.is_root()) {
    h5::File file = h5::File::open_write(directory_ / "l.h5");
    file.dataset("sized").set_attribute("element_size_um", std::vector<double>{0.04, 0.008, 0.008});
    file.close();
  }
  world_.barrier();
  EXPECT_THAT([&] { with("/sized"); }, ThrowsMessage<CollectiveError>(HasSubstr("element_size_um")));
  EXPECT_GT(with("/sized", ", trust: config").label_count(), 0U);
}

}  // namespace
}  // namespace cleft
