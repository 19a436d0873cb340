// Tiles whose forest asks for few channels, against features and votes by the definition: all channels, the
// whole forest, voxel by voxel.
#include "probability/classify_tile.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"
#include "forest/narrowed_forest.hpp"
#include "forest/predict/forest_voter.hpp"
#include "forest/random_forest.hpp"

namespace cleft {
namespace {

constexpr std::size_t asked = 2;  // class
const Extent extent{9, 24, 40};

FeatureSet features_of_every_kind(FilterDialect dialect) {
  FeatureSelection selection = test::selection_of(test::all_kinds, {0.7, 1.6});
  selection.dialect = dialect;
  return {selection, std::nullopt};
}

/// What tells classes 0 and 1 apart, below the nodes of two channels that tell class 2 from them, asks for
/// all channels.
Forest forest_of_many_channels(int channels) {
  const test::Kind few{
      .name = "", .trees = 90, .nodes = 5, .channels = 2, .levels = 0, .sub_forest_ends = {}};
  Forest forest = test::random_forest(few, 5);
  forest.channel_count = channels;
  for (double& threshold : forest.threshold) threshold = 127 + 40 * threshold;
  Random random(8);
  const std::size_t nodes = forest.node_count();
  for (std::size_t n = 0; n < nodes; ++n)
    for (auto* child : {&forest.left, &forest.right}) {
      const std::int32_t leaf = (*child)[n];
      if (leaf >= 0 || forest.fractions(leaf)[asked] != 0) continue;
      (*child)[n] = static_cast<std::int32_t>(forest.node_count());
      const auto other = static_cast<std::int32_t>(forest.leaf_count());
      const bool first = forest.fractions(leaf)[0] == 0;
      forest.leaf_fractions.insert(forest.leaf_fractions.end(),
                                   {first ? 1.0F : 0.0F, first ? 0.0F : 1.0F, 0});
      forest.channel.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(channels))));
      forest.threshold.push_back(20 * random.normal());
      forest.left.push_back(leaf);
      forest.right.push_back(~other);
    }
  validate(forest, "many channels");
  return forest;
}

std::vector<float> by_definition(const FeatureSet& features, const Forest& forest,
                                 const Array3<float>& grey) {
  const test::Channels channels = test::features_of(features, grey.view());
  std::vector<Array3<float>> probabilities;
  std::vector<const float*> in;
  std::vector<float*> out;
  for (const auto& channel : channels.images) in.push_back(channel.data());
  for (int c = 0; c < forest.class_count; ++c) probabilities.emplace_back(extent);
  for (auto& probability : probabilities) out.push_back(probability.data());
  vote_reference(forest, in, static_cast<std::size_t>(grey.size()), out);
  const auto found = probabilities[asked].voxels();
  return {found.begin(), found.end()};
}

std::vector<float> by_tile(const FeatureSet& features, const Forest& forest, const Array3<float>& grey) {
  const TileClassifier classifier(
      {std::make_shared<const FeatureSet>(features), std::make_shared<const Forest>(forest)});
  Array3<float> probability(extent);
  const std::vector<View3<const float>> image{grey.view()};
  const std::vector<View3<float>> out{probability.view()};
  Scratch scratch = classifier.scratch();
  classifier.classify(image, {0, 0, 0}, std::vector<std::size_t>{asked}, out, scratch);
  const auto found = probability.voxels();
  return {found.begin(), found.end()};
}

class NarrowedTile : public testing::TestWithParam<FilterDialect> {
 protected:
  void expect_same(const Array3<float>& grey) const {
    const auto expected = by_definition(features, whole, grey);
    EXPECT_EQ(by_tile(features, narrowed, grey), expected);
    EXPECT_EQ(by_tile(features, whole, grey), expected);
  }

  const FeatureSet features = features_of_every_kind(GetParam());
  const Forest whole = forest_of_many_channels(features.channel_count());
  const Forest narrowed = narrowed_to(whole, std::vector<std::size_t>{asked});
};

TEST_P(NarrowedTile, AsksForFewChannels) {
  ASSERT_TRUE(ForestVoter(whole).codes_suffice());
  const VoxelCodes of_whole = ForestVoter(whole).codes(), of_narrowed = ForestVoter(narrowed).codes();
  for (int c = 0; c < features.channel_count(); ++c) {
    EXPECT_TRUE(of_whole.asks_for(static_cast<std::size_t>(c))) << c;
    EXPECT_EQ(of_narrowed.asks_for(static_cast<std::size_t>(c)), c < 2) << c;
  }
}

TEST_P(NarrowedTile, IsAsByDefinitionOfIntegers) {
  expect_same(test::random_volume(extent));
  Array3<float> wide = test::random_volume(extent);
  for (float& v : wide.voxels()) v *= 257;
  expect_same(wide);
}

/// Channels that no node asks for reach further than those that are asked for, and are NaN where these are
/// not.
TEST_P(NarrowedTile, IsAsByDefinitionNearWhatIsNoNumber) {
  for (const float odd : {test::nan, test::inf, -3.4e38F, 1e20F, 1e11F, 65536.0F}) {
    Array3<float> grey = test::random_volume(extent);
    grey(4, 12, 20) = odd;
    const auto expected = by_definition(features, whole, grey);
    EXPECT_EQ(by_tile(features, narrowed, grey), expected) << odd;
    EXPECT_EQ(by_tile(features, whole, grey), expected) << odd;
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, NarrowedTile,
                         testing::Values(FilterDialect::ilastik, FilterDialect::ilastik_1_2),
                         [](const auto& instance) {
                           return instance.param == FilterDialect::ilastik ? "ilastik" : "ilastik_1_2";
                         });

}  // namespace
}  // namespace cleft
