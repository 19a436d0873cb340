#include "probability/classify_block.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/stopped.hpp"
#include "features/set/compute.hpp"
#include "forest/predict/forest_voter.hpp"
#include "forest/random_forest.hpp"

namespace cleft {
namespace {

/// Two classes, told apart by the first channel alone: below `threshold` mostly the first class.
Forest stump(const FeatureSet& features, double threshold) {
  Forest forest;
  forest.channel_count = features.channel_count();
  forest.class_count = 2;
  forest.roots = {0};
  forest.channel = {0};
  forest.threshold = {threshold};
  forest.left = {~0};
  forest.right = {~1};
  forest.leaf_fractions = {0.75F, 0.25F, 0.0F, 1.0F};
  return forest;
}

Array3<float> random_volume(const Extent& extent) {
  Array3<float> volume(extent);
  Random random(5);
  for (float& v : volume.voxels()) v = static_cast<float>(random.below(256));
  return volume;
}

const FeatureSet& small_features() {
  static const FeatureSet features(
      FeatureOptions{.texture = {1.6}, .color = {0.7}, .edge = {}, .dimensions_of_scale = {}}, std::nullopt);
  return features;
}

using Stages = std::vector<ClassifierStage>;

ClassifierStage stage_of(const FeatureSet& features, const Forest& forest) {
  return {std::make_shared<const FeatureSet>(features), std::make_shared<const Forest>(forest)};
}

const std::vector<std::size_t> both{0, 1};
using Image = std::vector<View3<const float>>;

/// The second stage of an autocontext whose first has two classes.
const FeatureSet& features_of_second_stage() {
  static const FeatureSet features = [] {
    FeatureSelection selection = feature_selection(
        FeatureOptions{.texture = {}, .color = {0.7, 1.6}, .edge = {}, .dimensions_of_scale = {}});
    selection.image_channels = 3;
    return FeatureSet(selection, std::nullopt);
  }();
  return features;
}

/// Compares a block in the middle of a random volume with that part of the whole.
void expect_block_equals_whole(const Stages& stages) {
  const Extent volume{14, 57, 59};
  const auto grey = random_volume(volume);
  BlockClassifier classifier(stages, 1, {100, 100, 100});
  const auto whole = classifier.classify(Image{grey.view()}, {0, 0, 0}, volume, both);
  ASSERT_EQ(whole.size(), 2U);

  const Box owned{{3, 25, 26}, {7, 31, 30}};
  const Box padded = grown(owned, BlockClassifier::halo(stages), whole_box(volume));
  ASSERT_NE(padded, whole_box(volume));
  const auto part = classifier.classify(
      Image{grey.view().part({padded.begin.z, padded.begin.y, padded.begin.x}, padded.extent())},
      padded.local(owned.begin), owned.extent(), both);
  for (std::size_t c = 0; c < 2; ++c)
    for (std::int64_t z = owned.begin.z; z < owned.end.z; ++z)
      for (std::int64_t y = owned.begin.y; y < owned.end.y; ++y)
        for (std::int64_t x = owned.begin.x; x < owned.end.x; ++x)
          EXPECT_EQ(part[c](z - owned.begin.z, y - owned.begin.y, x - owned.begin.x), whole[c](z, y, x));
}

TEST(ClassifyBlock, EveryBlockEqualsItsPartOfTheWhole) {
  const auto forest = stump(small_features(), 120);
  expect_block_equals_whole({stage_of(small_features(), forest)});
}

TEST(ClassifyBlock, EveryBlockOfTwoStagesEqualsItsPartOfTheWhole) {
  const auto first = stump(small_features(), 120);
  // On the first class of the first stage, smoothed: image channel 1.
  auto second = stump(features_of_second_stage(), 100);
  second.channel = {features_of_second_stage().first_channel(1, 0, 1)};
  expect_block_equals_whole(
      {stage_of(small_features(), first), stage_of(features_of_second_stage(), second)});
}

TEST(ClassifyBlock, TheSecondStageSeesTheFirstOnesProbabilitiesInBytes) {
  const Extent extent{14, 15, 16};
  const auto grey = random_volume(extent);
  auto first = stump(small_features(), 120);
  for (std::size_t leaf = 0; leaf < 2; ++leaf) {
    first.leaf_fractions[2 * leaf] = 0.3F;  // 255 * 0.3 = 76.5: byte 76
    first.leaf_fractions[2 * leaf + 1] = 0.7F;
  }
  for (const double threshold : {75.9, 76.1}) {
    auto second = stump(features_of_second_stage(), threshold);
    second.channel = {features_of_second_stage().first_channel(0, 0, 1)};
    BlockClassifier classifier(
        Stages{stage_of(small_features(), first), stage_of(features_of_second_stage(), second)}, 1,
        {100, 100, 100});
    const auto found = classifier.classify(Image{grey.view()}, {0, 0, 0}, extent, both);
    const float* expected = second.fractions(threshold < 76 ? second.right[0] : second.left[0]);
    for (std::size_t c = 0; c < 2; ++c)
      for (const float p : found[c].voxels()) EXPECT_EQ(p, expected[c]);
  }
}

TEST(ClassifyBlock, AConstantBlockGetsWhatComputingItWouldGive) {
  const Extent extent{14, 15, 16};
  // One voxel that differs, far outside the reach of voxel 0: that voxel is computed, not looked up.
  Array3<float> almost(extent);
  almost.fill(100);
  almost(13, 14, 15) = 101;
  Array3<float> constant(extent);
  constant.fill(100);
  // Just at the value that smoothing a constant gives, so that rounding in the filters would show.
  for (const double threshold : {99.0, 100.0, 100.00001, 101.0}) {
    const auto forest = stump(small_features(), threshold);
    BlockClassifier classifier(Stages{stage_of(small_features(), forest)}, 1, {100, 100, 100});
    const auto computed = classifier.classify(Image{almost.view()}, {0, 0, 0}, extent, both);
    const auto known = classifier.classify(Image{constant.view()}, {2, 2, 2}, {3, 4, 5}, both);
    for (std::size_t c = 0; c < 2; ++c)
      for (const float p : known[c].voxels()) EXPECT_EQ(p, computed[c](0, 0, 0));
  }
}

TEST(ClassifyBlock, AForestOfOtherChannelsIsABug) {
  auto forest = stump(small_features(), 120);
  forest.channel_count += 1;
  EXPECT_THROW(BlockClassifier(Stages{stage_of(small_features(), forest)}, 1, {8, 8, 8}), InternalError);
}

TEST(ClassifyBlock, StatesTheMemoryItTakes) {
  const auto forest = stump(small_features(), 120);
  const Stages stages{stage_of(small_features(), forest)};
  const Extent tile{10, 10, 10}, owned{40, 40, 40};
  const auto bytes = [&](int threads, std::size_t classes) {
    return BlockClassifier::working_bytes(stages, threads, tile, classes, owned);
  };
  // Codes of one tile for each thread; of the owned box, the result alone.
  EXPECT_GT(bytes(1, 1), 2 * 1000 * small_features().channel_count() + 4 * 64000);
  EXPECT_EQ(bytes(1, 2) - bytes(1, 1), 4 * 64000);
  EXPECT_GE(bytes(3, 1) - bytes(2, 1), 2 * 1000 * small_features().channel_count());
  EXPECT_LT(BlockClassifier::working_bytes(stages, 1, tile, 1, {2, 2, 2}), bytes(1, 1));
}

TEST(ClassifyBlock, CountsWhatTheFirstStageLeavesForTheSecond) {
  const auto first = stump(small_features(), 120), second = stump(features_of_second_stage(), 100);
  const Stages stages{stage_of(small_features(), first), stage_of(features_of_second_stage(), second)};
  const Extent owned{100, 100, 100}, tile{4, 16, 32};
  const Extent between = owned + 2 * features_of_second_stage().halo();
  const auto floats = 2 * voxel_count(between) + voxel_count(owned);  // both classes there, one wanted here
  EXPECT_GT(BlockClassifier::working_bytes(stages, 1, tile, 1, owned), 4 * floats);
  EXPECT_LT(BlockClassifier::working_bytes(stages, 1, tile, 1, owned), 4 * floats * 3 / 2);
}

TEST(ClassifyBlock, ThreadsAndTilesChangeNoBit) {
  const Extent volume{14, 57, 59};
  auto grey = random_volume(volume);
  // Part of it is constant, as outside the tissue: tiles there are not computed.
  for (std::int64_t z = 0; z < volume.z; ++z)
    for (std::int64_t y = 0; y < volume.y; ++y)
      for (std::int64_t x = 0; x < 40; ++x) grey(z, y, x) = 7;
  const auto forest = stump(small_features(), 120);
  const Stages stages{stage_of(small_features(), forest)};
  const Image image{grey.view()};
  const auto expected = BlockClassifier(stages, 1, volume).classify(image, {0, 0, 0}, volume, both);
  for (const int threads : {1, 2, 3})
    for (const Extent& tile : {Extent{14, 57, 59}, {5, 16, 13}, {1, 57, 59}, {3, 4, 59}}) {
      const auto found = BlockClassifier(stages, threads, tile).classify(image, {0, 0, 0}, volume, both);
      for (std::size_t c = 0; c < 2; ++c)
        EXPECT_TRUE(std::ranges::equal(found[c].voxels(), expected[c].voxels()))
            << threads << " threads, tiles of " << to_string(tile);
    }
}

/// Features as arrays, then the walk by the definition.
std::vector<Array3<float>> by_definition(const FeatureSet& features, const Forest& forest,
                                         const Array3<float>& grey) {
  std::vector<Array3<float>> channels, probabilities;
  std::vector<View3<float>> views;
  std::vector<const float*> in;
  std::vector<float*> out;
  for (int c = 0; c < features.channel_count(); ++c) channels.emplace_back(grey.extent());
  for (auto& channel : channels) {
    views.push_back(channel.view());
    in.push_back(channel.data());
  }
  for (int c = 0; c < forest.class_count; ++c) probabilities.emplace_back(grey.extent());
  for (auto& probability : probabilities) out.push_back(probability.data());
  compute_features(features, grey.view(), {0, 0, 0}, grey.extent(), views);
  vote_reference(forest, in, static_cast<std::size_t>(grey.size()), out);
  return probabilities;
}

/// A forest that asks for all channels, at thresholds where grey values and their averages are.
Forest forest_for(const FeatureSet& features) {
  Forest forest = test::random_forest({.name = "",
                                       .trees = 20,
                                       .nodes = 60,
                                       .channels = features.channel_count(),
                                       .levels = 0,
                                       .sub_forest_ends = {}},
                                      7);
  for (double& threshold : forest.threshold) threshold = 127 + 60 * threshold;
  return forest;
}

void expect_as_by_definition(const FeatureSet& features) {
  const Array3<float> grey = random_volume({9, 24, 70});
  const Forest forest = forest_for(features);
  const std::vector<std::size_t> classes{0, 1, 2};
  const auto expected = by_definition(features, forest, grey);
  for (const int threads : {1, 3})
    for (const Extent& tile : {grey.extent(), Extent{3, 24, 70}, Extent{4, 10, 33}}) {
      const BlockClassifier classifier(Stages{stage_of(features, forest)}, threads, tile);
      const auto found = classifier.classify(Image{grey.view()}, {0, 0, 0}, grey.extent(), classes);
      for (std::size_t c = 0; c < classes.size(); ++c)
        EXPECT_TRUE(std::ranges::equal(found[c].voxels(), expected[c].voxels()))
            << features.channel_count() << " channels, tiles of " << to_string(tile) << ", class " << c;
    }
}

TEST(ClassifyBlock, GivesWhatFeaturesAndForestsAreDefinedToGive) {
  FeatureOptions options{.texture = {1.6}, .color = {0.7, 1.6}, .edge = {1.6}, .dimensions_of_scale = {}};
  expect_as_by_definition(FeatureSet(options, std::nullopt));
  options.dimensions = Dimensions::two;
  expect_as_by_definition(FeatureSet(options, std::nullopt));
  // More neighbours than a tile has sections, so that the edge's are reflected into one tile twice.
  options.sections = 5;
  expect_as_by_definition(FeatureSet(options, std::nullopt));
}

TEST(ClassifyBlock, GivesTheSameWhereOneSetOfCodesDoesNotSuffice) {
  FeatureOptions options{.texture = {1.6}, .color = {0.7, 1.6}, .edge = {1.6}, .dimensions_of_scale = {}};
  options.dimensions = Dimensions::two;
  options.sections = 16;
  const FeatureSet features(options, std::nullopt);
  ASSERT_GT(features.channel_count(), 256);
  const Forest forest = forest_for(features);
  ASSERT_FALSE(ForestVoter(forest).codes_suffice());
  const Array3<float> grey = random_volume({9, 12, 20});
  const auto expected = by_definition(features, forest, grey);
  const BlockClassifier classifier(Stages{stage_of(features, forest)}, 2, {4, 12, 20});
  const auto found =
      classifier.classify(Image{grey.view()}, {0, 0, 0}, grey.extent(), std::vector<std::size_t>{0, 1, 2});
  for (std::size_t c = 0; c < expected.size(); ++c)
    EXPECT_TRUE(std::ranges::equal(found[c].voxels(), expected[c].voxels())) << c;
}

TEST(ClassifyBlock, GivesTheClassesThatAreWantedInTheirOrder) {
  const Extent extent{14, 15, 16};
  const auto grey = random_volume(extent);
  const auto forest = stump(small_features(), 120);
  const BlockClassifier classifier(Stages{stage_of(small_features(), forest)}, 1, extent);
  const auto all = classifier.classify(Image{grey.view()}, {0, 0, 0}, extent, both);
  const auto second = classifier.classify(Image{grey.view()}, {0, 0, 0}, extent, std::vector<std::size_t>{1});
  ASSERT_EQ(second.size(), 1U);
  EXPECT_TRUE(std::ranges::equal(second[0].voxels(), all[1].voxels()));
}

TEST(ClassifyBlock, TilesAreChosenByTheMemoryOfAllThreads) {
  const auto forest = stump(small_features(), 120);
  const Stages stages{stage_of(small_features(), forest)};
  const Extent large = BlockClassifier::choose_tile(stages, 1, std::int64_t{1} << 40U);
  const auto needed = BlockClassifier::working_bytes(stages, 1, large, 0, large);
  EXPECT_EQ(BlockClassifier::choose_tile(stages, 4, 4 * needed), large);
  EXPECT_LT(voxel_count(BlockClassifier::choose_tile(stages, 4, 4 * needed - 1)), voxel_count(large));
  EXPECT_GT(voxel_count(BlockClassifier::choose_tile(stages, 1, 0)), 0);
}

TEST(ClassifyBlock, ItsStagesMayGoWhileAnotherThreadClassifies) {
  const Extent extent{14, 57, 59};
  const auto grey = random_volume(extent);
  auto features = std::make_shared<const FeatureSet>(small_features());
  auto forest = std::make_shared<const Forest>(stump(*features, 120));
  const std::weak_ptr<const FeatureSet> known_features = features;
  const std::weak_ptr<const Forest> known_forest = forest;
  const Stages same{stage_of(small_features(), *forest)};
  const auto expected =
      BlockClassifier(same, 1, {4, 16, 32}).classify(Image{grey.view()}, {0, 0, 0}, extent, both);

  std::promise<void> begun;
  auto found = std::async(std::launch::async, [&, stages = Stages{{features, forest}}]() mutable {
    const BlockClassifier classifier(stages, 1, {4, 16, 32});
    stages.clear();
    begun.set_value();
    return classifier.classify(Image{grey.view()}, {0, 0, 0}, extent, both);
  });
  begun.get_future().wait();
  features.reset();
  forest.reset();
  const auto probabilities = found.get();
  for (std::size_t c = 0; c < 2; ++c)
    EXPECT_TRUE(std::ranges::equal(probabilities[c].voxels(), expected[c].voxels()));
  EXPECT_TRUE(known_features.expired());
  EXPECT_TRUE(known_forest.expired());
}

TEST(ClassifyBlock, SharesItsFeaturesAndForest) {
  auto features = std::make_shared<const FeatureSet>(small_features());
  auto forest = std::make_shared<const Forest>(stump(*features, 120));
  const std::weak_ptr<const FeatureSet> known_features = features;
  const std::weak_ptr<const Forest> known_forest = forest;
  std::optional<BlockClassifier> classifier;
  classifier.emplace(Stages{{std::move(features), std::move(forest)}}, 1, Extent{4, 16, 32});
  EXPECT_FALSE(known_features.expired());
  EXPECT_FALSE(known_forest.expired());
  classifier.reset();
  EXPECT_TRUE(known_features.expired());
  EXPECT_TRUE(known_forest.expired());
}

TEST(ClassifyBlock, StopsBetweenTiles) {
  const Extent extent{14, 57, 59};
  const auto grey = random_volume(extent);
  const Stages stages{stage_of(small_features(), stump(small_features(), 120))};
  std::stop_source source;
  for (const int threads : {1, 3}) {
    const BlockClassifier classifier(stages, threads, {4, 16, 32});
    EXPECT_NO_THROW(classifier.classify(Image{grey.view()}, {0, 0, 0}, extent, both, std::stop_token()));
    source.request_stop();
    EXPECT_THROW(classifier.classify(Image{grey.view()}, {0, 0, 0}, extent, both, source.get_token()),
                 Stopped);
    EXPECT_NO_THROW(classifier.classify(Image{grey.view()}, {0, 0, 0}, extent, both));
  }
}

}  // namespace
}  // namespace cleft
