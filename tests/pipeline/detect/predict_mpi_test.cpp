#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files/atomic_file.hpp"
#include "base/random.hpp"
#include "base/stopped.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/predict.hpp"
#include "pipeline/run/block_memory.hpp"
#include "probability/classify_block.hpp"
#include "probability/distributed/probability_file.hpp"
#include "probability/stored_byte.hpp"
#include "support/masks.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {
namespace {

/// Three leaves over two channels: enough for probabilities that differ from voxel to voxel.
Forest small_forest(int channel_count) {
  Forest forest;
  forest.channel_count = channel_count;
  forest.class_count = 2;
  forest.roots = {0};
  forest.channel = {0, channel_count - 1};
  forest.threshold = {120, 0};
  forest.left = {1, ~0};
  forest.right = {~2, ~1};
  forest.leaf_fractions = {0.75F, 0.25F, 0.5F, 0.5F, 0.0F, 1.0F};
  return forest;
}

FeatureOptions gaussian_features(std::vector<double> color, std::vector<double> edge) {
  FeatureOptions options;
  options.texture = {};
  options.color = std::move(color);
  options.edge = std::move(edge);
  return options;
}

class PredictTest : public testing::Test {
 protected:
  PredictTest() {
    Random random(9);
    for (auto& v : grey.voxels()) v = static_cast<std::uint8_t>(random.below(256));
    store("raw.h5", grey);
  }

  void store(const std::string& name, const Array3<std::uint8_t>& voxels) {
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      const Extent& e = voxels.extent();
      h5::write_file(directory / name, [&](h5::File& file) {
        file.write("/data", values_of(voxels),
                   {static_cast<hsize_t>(e.z), static_cast<hsize_t>(e.y), static_cast<hsize_t>(e.x)});
      });
    });
  }

  /// The second class of the whole volume, computed in one block.
  std::vector<std::uint8_t> in_one_block() const {
    Array3<float> padded(volume);
    std::copy(grey.voxels().begin(), grey.voxels().end(), padded.voxels().begin());
    BlockClassifier classifier(job.stages, 1, volume);
    const auto probabilities = classifier.classify(std::vector<View3<const float>>{padded.view()}, {0, 0, 0},
                                                   volume, std::vector<std::size_t>{0, 1});
    std::vector<std::uint8_t> stored;
    for (const float p : probabilities[1].voxels()) stored.push_back(stored_probability_byte(p));
    return stored;
  }

  std::vector<std::uint8_t> stored_probability() const {
    const auto reader = open_probability(job.probability, "synapse");
    Array3<std::uint8_t> stored(reader.extent());
    reader.read(whole_box(reader.extent()), stored.view());
    comm.barrier();
    return values_of(stored);
  }

  const Communicator comm = Communicator::world();
  const TempDirectory directory{comm};
  const Extent volume{14, 18, 20};
  Array3<std::uint8_t> grey{volume};
  const FeatureSet features{gaussian_features({0.7, 1.6}, {1.0}), std::nullopt};
  const Forest forest = small_forest(features.channel_count());
  PredictJob job{
      .volume = {directory / "raw.h5", "/data"},
      .mask = {},
      .voxel_size = {},
      .stages = {{std::make_shared<const FeatureSet>(features), std::make_shared<const Forest>(forest)}},
      .classes = {"rest", "synapse"},
      .stored_classes = {1},
      .type = ElementType::uint8,
      .recipe = {{"test", true}},
      .block_shape = {},
      .memory_per_rank = std::int64_t{1} << 30U,
      .probability = directory / "probability.h5"};
};

TEST_F(PredictTest, EqualsTheVolumeInOneBlockForEveryBlockShape) {
  const auto expected = in_one_block();
  for (const Extent& shape : {Extent{7, 9, 10}, Extent{5, 7, 11}, Extent{1, 18, 20}, Extent{100, 100, 100}}) {
    job.block_shape = shape;
    const PredictSummary summary = predict(comm, job);
    EXPECT_EQ(summary.voxels, voxel_count(volume));
    EXPECT_GE(summary.padded_voxels, summary.voxels);
    EXPECT_EQ(stored_probability(), expected) << to_string(shape);
  }
}

TEST_F(PredictTest, ThreadsChangeNoBit) {
  const auto expected = in_one_block();
  for (const int threads : {2, 5}) {
    job.threads = threads;
    job.block_shape = Extent{7, 18, 10};
    predict(comm, job);
    EXPECT_EQ(stored_probability(), expected) << threads;
  }
}

TEST_F(PredictTest, PlansItsBlocksWithinTheMemory) {
  predict(comm, job);
  EXPECT_EQ(stored_probability(), in_one_block());
}

TEST_F(PredictTest, OutsideTheMaskTheProbabilityIsZero) {
  Array3<std::uint8_t> mask(volume);
  for (std::int64_t z = 0; z < volume.z; ++z)
    for (std::int64_t y = 0; y < volume.y; ++y)
      for (std::int64_t x = 0; x < 9; ++x) mask(z, y, x) = 1;
  store("mask.h5", mask);
  job.mask = PlacedMask{{directory / "mask.h5", "/data"}};
  job.block_shape = Extent{7, 9, 5};  // the last blocks are outside altogether
  predict(comm, job);
  auto expected = in_one_block();
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (mask.voxels()[i] == 0) expected[i] = 0;
  EXPECT_EQ(stored_probability(), expected);
}

TEST_F(PredictTest, OutsideAPlacedMaskTheProbabilityIsZero) {
  Array3<std::uint8_t> mask({5, 30, 6});
  mask.fill(7);
  store("mask.h5", mask);
  job.mask = PlacedMask{{directory / "mask.h5", "/data"}, {3, -4, 11}};
  job.block_shape = Extent{7, 9, 5};
  const PredictSummary summary = predict(comm, job);
  auto expected = in_one_block();
  const Box inside{{3, 0, 11}, {8, volume.y, 17}};
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!inside.contains(voxel_at(static_cast<std::int64_t>(i), volume))) expected[i] = 0;
  EXPECT_EQ(stored_probability(), expected);
  EXPECT_EQ(summary.voxels, voxel_count(inside.extent()));
  EXPECT_GT(summary.block_voxels, summary.voxels);
}

TEST_F(PredictTest, AMaskOfSeveralChannelsIsRefused) {
  if (comm.is_root())
    h5::write_file(directory / "mask.h5", [&](h5::File& file) {
      const auto length = [](std::int64_t n) { return static_cast<hsize_t>(n); };
      auto mask =
          file.write("data", std::vector<std::uint8_t>(static_cast<std::size_t>(3 * voxel_count(volume)), 1),
                     {length(volume.z), length(volume.y), length(volume.x), 3});
      write_axes(mask, std::nullopt, true);
    });
  comm.barrier();
  job.mask = PlacedMask{{directory / "mask.h5", "/data"}};
  EXPECT_THAT([&] { predict(comm, job); }, testing::ThrowsMessage<CollectiveError>(
                                               testing::HasSubstr("has 3 channels; expected a mask of one")));
}

TEST_F(PredictTest, AScaleTooLargeForTheVolumeFailsOnAllRanksAlike) {
  job.stages.front().features =
      std::make_shared<const FeatureSet>(gaussian_features({10.0}, {}), std::nullopt);
  EXPECT_THROW(predict(comm, job), CollectiveError);
  EXPECT_FALSE(std::filesystem::exists(job.probability));
}

TEST_F(PredictTest, GoesOnWithAnUnfinishedFileInItsOwnBlocks) {
  job.block_shape = Extent{7, 9, 10};
  const auto expected = in_one_block();
  {
    // What a killed run leaves: one block done, with values that show that it was not computed again.
    ProbabilityFile file(comm, job.probability,
                         {.volume = volume,
                          .block = *job.block_shape,
                          .classes = {"synapse"},
                          .recipe = job.recipe,
                          .voxel_size = {}});
    if (comm.is_root()) {
      std::vector<Array3<float>> ones;
      ones.emplace_back(*job.block_shape).fill(1.0F);
      file.write_block(0, ones);
    }
  }
  job.block_shape = Extent{4, 4, 4};
  testing::internal::CaptureStderr();
  const PredictSummary summary = predict(comm, job);
  const std::string said = testing::internal::GetCapturedStderr();
  if (comm.is_root()) {
    EXPECT_THAT(said, testing::HasSubstr("run.block_shape is 4 x 4 x 4 (z, y, x), but the unfinished"));
    EXPECT_THAT(said, testing::HasSubstr("has blocks of 7 x 9 x 10 (z, y, x), which it goes on with"));
  }
  EXPECT_EQ(summary.block, (Extent{7, 9, 10}));
  EXPECT_EQ(summary.resumed, 1);
  const auto stored = stored_probability();
  EXPECT_EQ(stored.front(), 255);
  EXPECT_EQ(stored.back(), expected.back());
}

TEST_F(PredictTest, StopsOnAllRanksWhenOneIsAskedToAndGoesOnLater) {
  job.block_shape = Extent{7, 9, 10};
  std::stop_source source;
  if (comm.rank() == comm.size() - 1) source.request_stop();
  EXPECT_THROW(predict(comm, job, source.get_token()), Stopped);
  EXPECT_FALSE(std::filesystem::exists(job.probability));
  EXPECT_TRUE(std::filesystem::exists(unfinished_name(job.probability)));
  comm.barrier();
  predict(comm, job);
  EXPECT_EQ(stored_probability(), in_one_block());
}

/// Blocks are cut to the volume, which is nothing to warn of.
TEST_F(PredictTest, ABlockShapeLargerThanTheVolumeIsTaken) {
  job.block_shape = Extent{100, 9, 100};
  testing::internal::CaptureStderr();
  predict(comm, job);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(testing::HasSubstr("warning")));
}

TEST_F(PredictTest, BlocksThatWereGivenMustFitTheMemoryToo) {
  // What is left is less than a block of the whole volume takes.
  constexpr std::int64_t little = 1 << 10;
  job.memory_per_rank += little - memory_for_blocks(comm, job.memory_per_rank).left;
  const auto refused_for = [](const std::string& subject) {
    return testing::ThrowsMessage<CollectiveError>(
        testing::AllOf(testing::HasSubstr(subject + ": blocks of 14 x 18 x 20 (z, y, x) take"),
                       testing::HasSubstr("MiB that run.memory_per_rank (")));
  };
  job.block_shape = Extent{100, 100, 100};
  EXPECT_THAT([&] { predict(comm, job); }, refused_for("run.block_shape"));
  {
    const ProbabilityFile file(
        comm, job.probability,
        {.volume = volume, .block = volume, .classes = {"synapse"}, .recipe = job.recipe, .voxel_size = {}});
  }
  EXPECT_THAT([&] { predict(comm, job); }, refused_for("probability.h5.part"));
}

}  // namespace
}  // namespace cleft::test
