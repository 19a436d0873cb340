// Training on real electron microscopy, as the README of the data describes it.

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "blocks/label_boxes.hpp"
#include "io/volume/labels.hpp"

namespace cleft {
namespace {

const std::filesystem::path data = std::filesystem::path(CLEFT_SHARED_DIR) / "data" / "drosophila-vnc";

class RealStrokes : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(data)) GTEST_SKIP() << "skipped: shared data not present";
    labels_ = read_label_volume(VolumeReader({data / "sparse_labels.h5", "labels"}), {0, 0, 0},
                                whole_box(volume_), {"membrane", "synapse", "rest"});
    for (const auto& label : labels_) voxels_.push_back(label.voxel);
  }

  const Extent volume_{20, 1024, 1024};
  std::vector<LabelledVoxel> labels_;
  std::vector<GlobalVoxel> voxels_;
};

TEST_F(RealStrokes, AreAsManyAsTheirReadmeSays) {
  std::vector<int> counts(3);
  for (const auto& label : labels_) ++counts[label.label - 1U];
  EXPECT_THAT(counts, testing::ElementsAre(1200, 1200, 1800));
}

TEST_F(RealStrokes, NeedFeaturesOfLessThanATenthOfTheVolumePerSectionAndLessThanAllOfItIn3d) {
  const auto computed = [&](const Extent& halo) {
    std::int64_t padded = 0;
    for (const CoverBox& b : cover_voxels(voxels_, halo, volume_, [](const Extent&) { return true; }))
      padded += voxel_count(grown(b.box, halo, whole_box(volume_)).extent());
    return static_cast<double>(padded) / static_cast<double>(voxel_count(volume_));
  };
  EXPECT_LT(computed({0, 20, 20}), 0.1);
  EXPECT_LT(computed({20, 20, 20}), 1.0);
}

}  // namespace
}  // namespace cleft
