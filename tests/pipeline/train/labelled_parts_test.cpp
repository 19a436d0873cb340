#include "pipeline/train/labelled_parts.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "pipeline/train/training_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Volumes with a voxel or two labelled in each.
class LabelledVoxelsOf : public testing::Test {
 protected:
  LabelledVoxelsOf() {
    for (const auto* name : {"raw.h5", "other.h5"}) test::write_volume(temp_ / name, "raw", training_grey());
    test::write_volume(temp_ / "one.h5", "labels", labels_at({{{1, 2, 3}, 1}, {{4, 5, 6}, 2}}));
    test::write_volume(temp_ / "two.h5", "labels", labels_at({{{4, 5, 6}, 2}, {{7, 8, 9}, 1}}));
    test::write_volume(temp_ / "none.h5", "labels", labels_at({}));
    test::write_bytes(temp_ / "damaged.h5", "no HDF5");
  }
  static Array3<std::uint8_t> training_grey() { return test::training_grey(); }
  static Array3<std::uint8_t> labels_at(const std::vector<LabelledVoxel>& strokes) {
    return test::stroke_volume(strokes, test::training_extent);
  }
  /// Those of raw.h5 by entries of `labels`.
  std::vector<GlobalVoxel> voxels_by(const std::vector<std::string>& entries,
                                     const std::string& of_volume = "") {
    std::string yaml = "volume: {path: raw.h5, dataset: raw, voxel_size_nm: [10, 10, 10]" + of_volume +
                       "}\nclasses: [a, b]\nlabels:\n";
    for (const auto& entry : entries) yaml += "  - {" + entry + "}\n";
    const Config config = parse_config(yaml, temp_ / "run.yaml", {});
    unreadable_.clear();
    return labelled_voxels_of(config, look_at_volume(config), unreadable_);
  }

  test::TempDirectory temp_;
  std::vector<std::string> unreadable_;
};

TEST_F(LabelledVoxelsOf, are_those_of_all_entries_each_once) {
  EXPECT_THAT(voxels_by({"path: one.h5/labels", "path: two.h5/labels"}),
              ElementsAre(GlobalVoxel{1, 2, 3}, GlobalVoxel{4, 5, 6}, GlobalVoxel{7, 8, 9}));
  EXPECT_THAT(unreadable_, IsEmpty());
}

TEST_F(LabelledVoxelsOf, are_read_beside_entries_that_cannot_be) {
  EXPECT_THAT(voxels_by({"path: gone.h5/labels", "path: one.h5/labels", "path: damaged.h5/labels"}),
              ElementsAre(GlobalVoxel{1, 2, 3}, GlobalVoxel{4, 5, 6}));
  EXPECT_THAT(unreadable_, ElementsAre(HasSubstr("gone.h5"), HasSubstr("damaged.h5")));
  EXPECT_THAT(voxels_by({"path: one.h5/labels", "path: two.h5/labels, volume: {path: gone_volume.h5/raw}"}),
              ElementsAre(GlobalVoxel{1, 2, 3}, GlobalVoxel{4, 5, 6}));
  EXPECT_THAT(unreadable_, ElementsAre(HasSubstr("gone_volume.h5")));
}

TEST_F(LabelledVoxelsOf, are_not_missed_in_entries_without_labels_and_of_other_volumes) {
  EXPECT_THAT(
      voxels_by({"path: none.h5/labels", "path: one.h5/labels",
                 "path: damaged.h5/labels, volume: {path: other.h5/raw, voxel_size_nm: [10, 10, 10]}"}),
      ElementsAre(GlobalVoxel{1, 2, 3}, GlobalVoxel{4, 5, 6}));
  EXPECT_THAT(unreadable_, IsEmpty()) << "none is needed";
  // In the box alone: all of one entry lie outside it.
  EXPECT_THAT(voxels_by({"path: one.h5/labels", "path: two.h5/labels"}, ", box: '6:14, :, 4:44'"),
              ElementsAre(GlobalVoxel{1, 8, 5}));
  EXPECT_THAT(unreadable_, IsEmpty());
}

}  // namespace
}  // namespace cleft
