#include <bit>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/stopped.hpp"
#include "features/set/compute.hpp"
#include "parallel/agree.hpp"
#include "pipeline/train/distributed_samples.hpp"
#include "pipeline/train/training_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

constexpr std::int64_t plenty = std::int64_t{1} << 30U;

/// Every channel of every labelled voxel, from the features of the whole volume.
std::vector<float> whole_volume_values(const FeatureSet& set, const std::vector<LabelledVoxel>& labels) {
  Array3<float> grey(test::training_extent);
  const auto bytes = test::training_grey();
  std::copy(bytes.voxels().begin(), bytes.voxels().end(), grey.voxels().begin());
  std::vector<Array3<float>> channels;
  std::vector<View3<float>> views;
  for (int c = 0; c < set.channel_count(); ++c) channels.emplace_back(test::training_extent);
  for (auto& channel : channels) views.push_back(channel.view());
  compute_features(set, grey.view(), {0, 0, 0}, test::training_extent, views);
  std::vector<float> values;
  for (const auto& channel : channels)
    for (const auto& label : labels) values.push_back(channel(label.voxel.z, label.voxel.y, label.voxel.x));
  return values;
}

ValueRange grey_at(const std::vector<LabelledVoxel>& labels) {
  const auto grey = test::training_grey();
  ValueRange range;
  for (const auto& [v, label] : labels) range.add(grey(v.z, v.y, v.x));
  return range;
}

void expect_same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    ASSERT_EQ(std::bit_cast<std::uint32_t>(a[i]), std::bit_cast<std::uint32_t>(b[i])) << "value " << i;
}

TEST(ComputeSamples, AreBitIdenticalToTheFeaturesOfTheWholeVolume) {
  const Communicator world = Communicator::world();
  const test::TempDirectory directory(world);
  if (world.is_root()) test::write_volume(directory / "raw.h5", "raw", test::training_grey());
  world.barrier();
  const VolumeReader volume(VolumePath{directory / "raw.h5", "raw"});
  const auto strokes = test::training_strokes();
  for (const Dimensions dimensions : {Dimensions::two, Dimensions::three}) {
    FeatureOptions options;
    options.texture = {1.0};
    options.color = {0.7, 1.6};
    options.edge = {1.6};
    options.dimensions = dimensions;
    const FeatureSet set(options, std::nullopt);
    const std::vector<float> whole = whole_volume_values(set, strokes);
    for (const auto& [memory, threads] :
         {std::pair{plenty, 1}, std::pair{plenty, 2}, std::pair{test::little_memory(set), 1}}) {
      const SampleInput input{std::span(&volume, 1), set, strokes, 3};
      const RankResources resources{memory, threads};
      for (const Samples& samples :
           {compute_samples(world, input, resources), compute_samples(input, resources)}) {
        expect_same_bits(samples.values, whole);
        ASSERT_EQ(samples.count(), strokes.size());
        EXPECT_EQ(samples.class_count, 3);
        EXPECT_EQ(samples.grey, grey_at(strokes));
        for (std::size_t s = 0; s < strokes.size(); ++s) ASSERT_EQ(samples.labels[s] + 1, strokes[s].label);
      }
    }
  }
}

TEST(ComputeSamples, SayWhenTheMemoryIsTooLittleForOneVoxel) {
  const Communicator world = Communicator::world();
  const test::TempDirectory directory(world);
  if (world.is_root()) test::write_volume(directory / "raw.h5", "raw", test::training_grey());
  world.barrier();
  const VolumeReader volume(VolumePath{directory / "raw.h5", "raw"});
  const FeatureSet set(FeatureOptions{}, std::nullopt);
  const auto strokes = test::training_strokes();
  const SampleInput input{std::span(&volume, 1), set, strokes, 3};
  EXPECT_THROW(compute_samples(world, input, {1000, 1}), CollectiveError);
  EXPECT_THROW(compute_samples(input, {1000, 1}), ConfigError);
}

TEST(ComputeSamples, StopOnAllRanksWhenOneIsAskedTo) {
  const Communicator world = Communicator::world();
  const test::TempDirectory directory(world);
  if (world.is_root()) test::write_volume(directory / "raw.h5", "raw", test::training_grey());
  world.barrier();
  const VolumeReader volume(VolumePath{directory / "raw.h5", "raw"});
  FeatureOptions options;
  options.texture = options.edge = {};
  options.color = {0.7};
  const FeatureSet set(options, std::nullopt);
  const auto strokes = test::training_strokes();
  const SampleInput input{std::span(&volume, 1), set, strokes, 3};
  std::stop_source source;
  if (world.is_root()) source.request_stop();
  EXPECT_THROW(compute_samples(world, input, {plenty, 1}, source.get_token()), Stopped);
  source.request_stop();
  EXPECT_THROW(compute_samples(input, {plenty, 1}, source.get_token()), Stopped);
}

}  // namespace
}  // namespace cleft
