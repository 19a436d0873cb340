#include "probability/classify_block.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"

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

TEST(ClassifyBlock, EveryBlockEqualsItsPartOfTheWhole) {
  const Extent volume{14, 17, 19};
  const auto grey = random_volume(volume);
  const auto forest = stump(small_features(), 120);
  BlockClassifier classifier(small_features(), forest);
  const auto whole = classifier.classify(grey.view(), {0, 0, 0}, volume);
  ASSERT_EQ(whole.size(), 2U);

  const Box core{{3, 9, 8}, {7, 17, 10}}, padded = grown(core, small_features().halo(), whole_box(volume));
  const auto part =
      classifier.classify(grey.view().part({padded.begin.z, padded.begin.y, padded.begin.x}, padded.extent()),
                          padded.local(core.begin), core.extent());
  for (std::size_t c = 0; c < 2; ++c)
    for (std::int64_t z = core.begin.z; z < core.end.z; ++z)
      for (std::int64_t y = core.begin.y; y < core.end.y; ++y)
        for (std::int64_t x = core.begin.x; x < core.end.x; ++x)
          EXPECT_EQ(part[c](z - core.begin.z, y - core.begin.y, x - core.begin.x), whole[c](z, y, x));
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
    BlockClassifier classifier(small_features(), forest);
    const auto computed = classifier.classify(almost.view(), {0, 0, 0}, extent);
    const auto known = classifier.classify(constant.view(), {2, 2, 2}, {3, 4, 5});
    for (std::size_t c = 0; c < 2; ++c)
      for (const float p : known[c].voxels()) EXPECT_EQ(p, computed[c](0, 0, 0));
  }
}

TEST(ClassifyBlock, AForestOfOtherChannelsIsABug) {
  auto forest = stump(small_features(), 120);
  forest.channel_count += 1;
  EXPECT_THROW(BlockClassifier(small_features(), forest), InternalError);
}

TEST(ClassifyBlock, StatesTheMemoryItTakes) {
  const Extent core{10, 10, 10};
  // The result and the channels alone, 4 bytes each.
  EXPECT_GT(BlockClassifier::working_bytes(small_features(), 2, core),
            4000 * (2 + small_features().channel_count()));
}

TEST(StoredProbabilityByte, IsTheNearestStep) {
  EXPECT_EQ(stored_probability_byte(0.0F), 0);
  EXPECT_EQ(stored_probability_byte(0.0019F), 0);
  EXPECT_EQ(stored_probability_byte(0.002F), 1);
  EXPECT_EQ(stored_probability_byte(0.5F), 128);
  EXPECT_EQ(stored_probability_byte(1.0F), 255);
}

TEST(StoredProbabilityByte, EveryStepSurvivesBeingReadAndStoredAgain) {
  for (int v = 0; v < 256; ++v) EXPECT_EQ(stored_probability_byte(static_cast<float>(v) / 255.0F), v);
}

}  // namespace
}  // namespace cleft
