#include <functional>
#include <stop_token>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files/process_memory.hpp"
#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "forest/files/model_file.hpp"
#include "io/h5/file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/train/train.hpp"
#include "pipeline/train/training_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

/// A volume with strokes on disk, and a configuration that trains on them.
class Train : public testing::Test {
 protected:
  Train() {
    config_.volume.source = {.path = directory_ / "raw.h5", .dataset = "raw"};
    config_.labels.volume = {.path = directory_ / "labels.h5", .dataset = "labels"};
    config_.features.texture = config_.features.edge = {1.0};
    config_.features.color = {0.7, 1.6};
    config_.forest.trees = 7;
    config_.model = directory_ / "my.model.h5";
    if (world_.is_root()) test::write_volume(directory_ / "raw.h5", "raw", test::training_grey());
    write_labels(test::training_strokes());
  }

  void write_labels(const std::vector<LabelledVoxel>& strokes, const Extent& extent = test::training_extent) {
    world_.barrier();
    if (world_.is_root())
      test::write_volume(directory_ / "labels.h5", "labels", test::stroke_volume(strokes, extent));
    world_.barrier();
  }

  /// Trains quietly; what rank 0 prints is returned on rank 0.
  std::string train(const Communicator& comm, const Config& config) { return run_quietly(comm, config, {}); }
  std::string run_quietly(const Communicator& comm, const Config& config, const TrainCommand& command) {
    testing::internal::CaptureStdout();
    try {
      run_train(comm, config, command);
    } catch (...) {
      testing::internal::GetCapturedStdout();
      throw;
    }
    return testing::internal::GetCapturedStdout();
  }

  /// The message that every rank gets.
  std::string refusal(const Config& config) {
    try {
      train(world_, config);
    } catch (const CollectiveError& error) {
      EXPECT_EQ(world_.broadcast(std::string(error.what())), error.what());
      EXPECT_FALSE(std::filesystem::exists(*config.model));
      return error.what();
    }
    return "";
  }

  Communicator world_ = Communicator::world();
  test::TempDirectory directory_{world_};
  Config config_;
};

TEST_F(Train, CountsWhatARankHoldsAlready) {
  config_.run.memory_per_rank = resident_bytes();
  EXPECT_THAT(refusal(config_), testing::HasSubstr("run.memory_per_rank"));
}

TEST_F(Train, WritesTheSameBytesForAnyRanksAndThreads) {
  Config alone = config_;
  alone.model = directory_ / "alone.model.h5";
  if (world_.is_root()) train(Communicator::self(), alone);
  for (const int threads : {1, 2}) {
    config_.run.threads_per_rank = threads;
    train(world_, config_);
    if (world_.is_root()) {
      EXPECT_EQ(test::file_bytes(*config_.model), test::file_bytes(*alone.model)) << threads << " threads";
    }
    world_.barrier();
  }
}

TEST_F(Train, PutsTheVoxelsOfSeveralVolumesTogetherInTheirOrder) {
  // Half of the strokes in either of two copies of the volume are all of them in one.
  std::vector<LabelledVoxel> halves[2];
  for (const LabelledVoxel& stroke : test::training_strokes())
    halves[stroke.voxel.z == 2 ? 0 : 1].push_back(stroke);
  if (world_.is_root()) {
    std::filesystem::copy_file(directory_ / "raw.h5", directory_ / "copy.h5");
    for (int half = 0; half < 2; ++half)
      test::write_volume(directory_ / fmt::format("half{}.h5", half), "labels",
                         test::stroke_volume(halves[half], test::training_extent));
  }
  Config several = config_;
  several.labels = {};
  several.labelled.resize(2);
  several.labelled[0].labels.volume = {.path = directory_ / "half0.h5", .dataset = "labels"};
  several.labelled[1].labels.volume = {.path = directory_ / "half1.h5", .dataset = "labels"};
  several.labelled[1].volume.source = {.path = directory_ / "copy.h5", .dataset = "raw"};
  several.model = directory_ / "several.model.h5";
  world_.barrier();
  train(world_, config_);
  for (const int threads : {1, 2}) {
    several.run.threads_per_rank = threads;
    train(world_, several);
  }
  EXPECT_EQ(read_model(*several.model).forest, read_model(*config_.model).forest);
  EXPECT_EQ(read_model(*several.model).grey, read_model(*config_.model).grey);
  Config alone = several;
  alone.model = directory_ / "alone.model.h5";
  if (world_.is_root()) {
    train(Communicator::self(), alone);
    EXPECT_EQ(test::file_bytes(*alone.model), test::file_bytes(*several.model));
  }
  std::swap(several.labelled[0].labels, several.labelled[1].labels);
  world_.barrier();
  std::string line;
  try {
    train(world_, several);
  } catch (const CollectiveError& error) {
    line = error.what();
  }
  EXPECT_THAT(line, testing::HasSubstr("trained with other values of: labels"));
  world_.barrier();
}

TEST_F(Train, EndsTheGrowingOfTreesWhenItIsStopped) {
  if (!world_.is_root()) return world_.barrier();  // others have no log to read
  config_.forest.trees = 1000000;                  // hours of work
  std::stop_source source;
  TrainCommand command;
  command.stop = source.get_token();
  // The log's last line before trees grow is on standard error: whoever reads it there knows that they do.
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const int standard_error = ::dup(2);
  ::dup2(ends[1], 2);
  ::close(ends[1]);
  std::thread reader([&] {
    std::string seen;
    char c = 0;
    bool asked = false;
    while (::read(ends[0], &c, 1) == 1) {
      seen += c;
      if (!asked && seen.find("training 1000000 trees") != std::string::npos) asked = source.request_stop();
    }
  });
  EXPECT_THROW(run_train(Communicator::self(), config_, command), Stopped);
  ::dup2(standard_error, 2);
  ::close(standard_error);
  reader.join();
  ::close(ends[0]);
  EXPECT_FALSE(std::filesystem::exists(*config_.model));
  world_.barrier();
}

TEST_F(Train, StoresWhatItPrintsAndWhatTheModelNeeds) {
  config_.volume.voxel_size = VoxelSize{45, 5, 4};
  const std::string printed = train(world_, config_);
  if (!world_.is_root()) {
    EXPECT_EQ(printed, "");
    return;
  }
  const Model model = read_model(*config_.model);
  EXPECT_EQ(model.classes, config_.classes);
  EXPECT_EQ(model.features, feature_selection(config_.features));
  EXPECT_EQ(model.voxel_size, config_.volume.voxel_size);
  EXPECT_EQ(model.grey.type, "uint8");
  EXPECT_FALSE(model.grey.range.empty());
  EXPECT_EQ(model.forest.tree_count(), 7);
  EXPECT_LT(model.summary.out_of_bag_error(), 0.3);
  EXPECT_THAT(printed, testing::HasSubstr("out-of-bag error"));
}

TEST_F(Train, RefusesAClassWithoutLabels) {
  auto strokes = test::training_strokes();
  std::erase_if(strokes, [](const LabelledVoxel& v) { return v.label == 3; });
  write_labels(strokes);
  EXPECT_THAT(refusal(config_),
              testing::AllOf(testing::HasSubstr("labels.h5"),
                             testing::HasSubstr("class 'rest' (label 3) has no labelled voxel")));
}

TEST_F(Train, RefusesNoLabelsAtAll) {
  write_labels({});
  EXPECT_THAT(refusal(config_), testing::HasSubstr("no voxel is labelled"));
}

TEST_F(Train, RefusesALabelVolumeOfAnotherExtent) {
  write_labels(test::training_strokes(), {14, 40, 45});
  EXPECT_THAT(refusal(config_), testing::HasSubstr("labels.h5"));
}

TEST_F(Train, TakesATableOfLabelsAndRefusesOneOutsideTheVolume) {
  Config config = config_;
  config.labels.csv = directory_ / "strokes.csv";
  config.model = directory_ / "table.model.h5";
  std::string table = "z,y,x,class\n";
  for (const auto& [v, label] : test::training_strokes())
    table += fmt::format("{},{},{},{}\n", v.z, v.y, v.x, config.classes[label - 1U]);
  if (world_.is_root()) test::write_bytes(*config.labels.csv, table);
  train(world_, config);
  train(world_, config_);
  EXPECT_EQ(test::file_bytes(*config.model), test::file_bytes(*config_.model));

  world_.barrier();
  if (world_.is_root()) {
    std::filesystem::remove(*config.model);
    test::write_bytes(*config.labels.csv, table + "14,0,0,rest\n");
  }
  world_.barrier();
  EXPECT_THAT(refusal(config), testing::HasSubstr("strokes.csv:278: z 14, y 0, x 0 is outside the volume"));
}

TEST_F(Train, RefusesFewerThanTwoClasses) {
  config_.classes = {"synapse"};
  EXPECT_THAT(refusal(config_), testing::HasSubstr("1 class; expected 2 to 255"));
}

TEST_F(Train, RefusesAMissingVolumeAScaleTooLargeAndAFolderThatIsNotThere) {
  Config config = config_;
  config.volume.source.path = directory_ / "none.h5";
  EXPECT_THAT(refusal(config), testing::HasSubstr("there is no such file"));
  config = config_;
  config.features.color = {10.0};
  EXPECT_THAT(refusal(config), testing::HasSubstr("scale 10"));
  config = config_;
  config.model = directory_ / "no" / "folder.h5";
  EXPECT_THAT(refusal(config), testing::HasSubstr("its folder does not exist"));
}

TEST_F(Train, ReplacesAModelAndNothingElse) {
  train(world_, config_);
  train(world_, config_);
  config_.forest.seed = 2;
  EXPECT_THROW(train(world_, config_), CollectiveError);
  run_quietly(world_, config_, {.force = true});
  const std::string volume = test::file_bytes(directory_ / "raw.h5");
  const auto message = [&](const std::filesystem::path& model) {
    config_.model = model;
    std::string line;
    try {
      train(world_, config_);
    } catch (const CollectiveError& error) {
      line = error.what();
    }
    return line;
  };
  EXPECT_THAT(message(directory_ / "raw.h5"), testing::HasSubstr("raw.h5: is there already and is no model"));
  EXPECT_THAT(message(directory_ / "."), testing::HasSubstr("is a directory"));
  EXPECT_EQ(test::file_bytes(directory_ / "raw.h5"), volume);
}

/// Training does not threshold: what detect needs for that is no reason to refuse.
TEST_F(Train, NeedsNoVoxelSizeForThresholdsInNm) {
  Config config = config_;
  config.threshold.sigma_nm = PerAxis<double>{20, 20, 20};
  config.filter.min_volume_nm3 = 1000;
  testing::internal::CaptureStderr();
  train(world_, config);
  const std::string said = testing::internal::GetCapturedStderr();
  if (world_.is_root()) {
    EXPECT_THAT(said, testing::HasSubstr("sigma_nm"));
    EXPECT_THAT(said, testing::HasSubstr("train does not need it, but detect will refuse it on "));
    EXPECT_TRUE(std::filesystem::exists(*config.model));
  }
}

TEST_F(Train, RefusesNumbersThatDetectWillRefuse) {
  // Of the labels' extent, and one value between two neighbouring float32 numbers.
  std::vector<std::int32_t> values(14 * 40 * 44, 1);
  values[to_size(linear_index(test::training_strokes().front().voxel, test::training_extent))] =
      (1 << 24) + 1;
  if (world_.is_root())
    h5::write_file(directory_ / "wide.h5", [&](h5::File& file) { file.write("raw", values, {14, 40, 44}); });
  world_.barrier();
  config_.volume.source.path = directory_ / "wide.h5";
  EXPECT_THAT(refusal(config_), testing::HasSubstr("16777217"));
}

}  // namespace
}  // namespace cleft
