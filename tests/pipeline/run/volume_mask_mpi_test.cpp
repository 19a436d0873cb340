#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

class VolumeMask : public testing::Test {
 protected:
  VolumeMask() {
    if (world_.is_root()) {
      std::filesystem::create_directory(directory_ / "images");
      h5::write_file(directory_ / "images/mask.h5", [](h5::File& file) {
        file.write("mask", std::vector<std::uint8_t>(24, 1), {2, 3, 4});
        file.write("other", std::vector<std::uint16_t>(24, 300), {2, 3, 4});
        file.write("part", std::vector<std::uint8_t>(4, 1), {1, 2, 2});
        file.write("large", std::vector<std::uint8_t>(48, 1), {4, 3, 4});
      });
    }
    world_.barrier();
  }

  /// A project whose image is called raw.h5.
  IlastikProject project_with(const std::string& mask) const {
    IlastikProject project;
    project.path = project_;
    for (const auto& [image, of_image] : {std::pair<std::string, std::string>{"other.h5", "none.h5"},
                                          std::pair<std::string, std::string>{"raw.h5", mask}}) {
      IlastikImage& stored = project.images.emplace_back();
      stored.file_path = "C:\\data\\" + image + "/raw";
      stored.mask_path = of_image;
    }
    return project;
  }
  std::string problem_of(const std::string& mask) const {
    const ProjectMask found = mask_of_project(project_with(mask), volume_);
    EXPECT_FALSE(found.path);
    return found.problem;
  }

  /// What every rank finds where the model is a project with this mask.
  std::optional<PlacedMask> found(const std::string& mask, const std::string& settings = "") const {
    if (world_.is_root())
      test::write_small_project(project_, {}, [&](h5::File& file) {
        file.group("Input Data/infos/lane0000/Prediction Mask").write_text("filePath", mask);
      });
    world_.barrier();
    const Config config =
        parse_config("model: " + project_.string() + "\n" + settings, (directory_ / "run.yaml").string(), {});
    auto mask_found = find_mask(world_, config, volume_);
    world_.barrier();
    return mask_found;
  }

  Communicator world_ = Communicator::world();
  const test::TempDirectory directory_{world_};
  const std::filesystem::path project_ = directory_ / "my.ilp";
  const std::filesystem::path mask_ = directory_ / "images/mask.h5";
  const VolumeFacts volume_{{directory_ / "raw.h5", "/raw"}, {2, 3, 4}, {}};
};

TEST_F(VolumeMask, OfAProjectIsFoundFromItsFolderOrByItsAbsolutePath) {
  for (const std::string& path :
       {std::string("images/mask.h5/mask"), std::string("images\\mask.h5/mask"), mask_.string() + "/mask"}) {
    const ProjectMask found = mask_of_project(project_with(path), volume_);
    ASSERT_TRUE(found.path) << path << ": " << found.problem;
    EXPECT_EQ(found.path->file, mask_);
    EXPECT_EQ(found.path->dataset, "/mask");
  }
}

TEST_F(VolumeMask, OfAProjectThatCannotBeUsedSaysWhy) {
  EXPECT_THAT(problem_of("images/gone.h5/mask"),
              HasSubstr("has the mask images/gone.h5/mask: there is no such file"));
  EXPECT_THAT(problem_of("images/mask.h5/large"),
              HasSubstr("which is of 4 x 3 x 4 (z, y, x) voxels, not of 2 x 3 x 4 (z, y, x)"));
  EXPECT_THAT(problem_of("images/mask.h5/none"), HasSubstr("which cannot be used ("));
  auto twice = project_with("images/mask.h5/mask");
  twice.images.front().file_path = "raw.h5/raw";
  EXPECT_THAT(mask_of_project(twice, volume_).problem, HasSubstr("has several masks"));
}

TEST_F(VolumeMask, OfAProjectIsThatOfTheVolumesOwnLane) {
  auto project = project_with("");
  EXPECT_FALSE(mask_of_project(project, volume_).path);
  EXPECT_EQ(mask_of_project(project, volume_).problem, "");
  project = project_with("images/mask.h5/mask");
  VolumeFacts other = volume_;
  other.path.file = directory_ / "big.h5";
  EXPECT_FALSE(mask_of_project(project, other).path);
  EXPECT_EQ(mask_of_project(project, other).problem, "");
}

TEST_F(VolumeMask, OfAProjectIsThatOfAnImageOfTheVolumesNameAndShape) {
  auto project = project_with("images/mask.h5/mask");
  project.images.back().file_path = "stack/raw.tif";
  EXPECT_TRUE(mask_of_project(project, volume_).path) << "converted from a TIFF";
  project.images.front().file_path = "elsewhere/raw.tif";
  EXPECT_THAT(mask_of_project(project, volume_).problem, HasSubstr("has several masks"));
  project.images.front().axes = "zyx";
  project.images.front().shape = {2, 3, 5};
  EXPECT_TRUE(mask_of_project(project, volume_).path) << "the other is of another shape";
}

TEST_F(VolumeMask, OfAProjectIsReadByTheAxesThatTheProjectRecords) {
  if (world_.is_root())
    h5::write_file(directory_ / "images/turned.h5", [](h5::File& file) {
      file.write("mask", std::vector<std::uint8_t>(24, 1), {4, 3, 2});
    });
  world_.barrier();
  auto project = project_with("images/turned.h5/mask");
  EXPECT_FALSE(mask_of_project(project, volume_).path);
  project.images.back().mask_axes = "xyz";
  ASSERT_TRUE(mask_of_project(project, volume_).path);
  EXPECT_EQ(mask_of_project(project, volume_).path->options.axes, "xyz");
  if (world_.is_root())
    test::write_small_project(project_, {}, [&](h5::File& file) {
      h5::Group mask = file.group("Input Data/infos/lane0000/Prediction Mask");
      mask.write_text("filePath", "images/turned.h5/mask");
      mask.write_text("axistags", test::axistags("xyz"));
    });
  world_.barrier();
  const Config config = parse_config("model: " + project_.string(), (directory_ / "run.yaml").string(), {});
  const auto on_each_rank = find_mask(world_, config, volume_);
  ASSERT_TRUE(on_each_rank);
  EXPECT_EQ(on_each_rank->path.options.axes, "xyz");
  world_.barrier();
}

TEST_F(VolumeMask, IsTheConfigurationsOrElseTheProjectsOnEveryRank) {
  const auto own = found("images/mask.h5/mask");
  ASSERT_TRUE(own);
  EXPECT_EQ(to_string(own->path), mask_.string() + ":/mask");
  const auto given = found("images/mask.h5/mask", "volume: {mask: {path: images/mask.h5, dataset: other}}");
  ASSERT_TRUE(given);
  EXPECT_EQ(given->path.dataset, "/other");
  EXPECT_FALSE(found("images/gone.h5/mask"));
}

TEST_F(VolumeMask, SmallerThanTheVolumeMustSayWhereItLies) {
  const std::string part = "volume: {mask: {path: images/mask.h5/part";
  EXPECT_THROW(found("", part + "}}"), CollectiveError);
  const auto placed = found("", part + ", begin: [1, 0, 2]}}");
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->begin, (GlobalVoxel{1, 0, 2}));
}

TEST_F(VolumeMask, LabelledVoxelsOutsideItAreCounted) {
  const MaskReader mask({{mask_, "/part"}, {1, 0, 2}});  // z 1, y 0:2, x 2:4
  EXPECT_EQ(count_outside(mask, {}), 0);
  EXPECT_EQ(
      count_outside(mask, {{{0, 0, 2}, 1}, {{1, 0, 2}, 1}, {{1, 0, 1}, 1}, {{1, 1, 3}, 1}, {{1, 2, 3}, 1}}),
      3);
}

TEST_F(VolumeMask, OfOtherVoxelsThanTheVolumesIsNotTaken) {
  if (world_.is_root())
    h5::write_file(directory_ / "images/fine.h5", [](h5::File& file) {
      auto mask = file.write("mask", std::vector<std::uint8_t>(24, 1), {2, 3, 4});
      mask.set_attribute("resolution", std::vector<double>{20, 5, 5});
    });
  world_.barrier();
  VolumeFacts volume = volume_;
  volume.voxel_size = VoxelSize{40, 5, 5};
  const auto by_configuration = [&] {
    return find_mask(world_,
                     parse_config("model: m.h5\nvolume: {mask: images/fine.h5/mask}\n",
                                  (directory_ / "run.yaml").string(), {}),
                     volume);
  };
  EXPECT_THAT(by_configuration, testing::ThrowsMessage<CollectiveError>(
                                    testing::AllOf(HasSubstr("fine.h5:/mask: has voxels of 20 x 5 x 5 nm"),
                                                   HasSubstr("expected 40 x 5 x 5 nm"))));
  EXPECT_THAT(mask_of_project(project_with("images/fine.h5/mask"), volume).problem,
              HasSubstr("has voxels of 20 x 5 x 5 nm"));
  volume.voxel_size_overrules = true;
  EXPECT_TRUE(by_configuration());
  EXPECT_TRUE(mask_of_project(project_with("images/fine.h5/mask"), volume).path);
}

TEST_F(VolumeMask, OfNothingButMinusOneAndZeroIsRefused) {
  if (world_.is_root())
    h5::write_file(directory_ / "images/signed.h5", [](h5::File& file) {
      std::vector<std::int32_t> values(24, 0);
      values[5] = -1;
      file.write("mask", values, {2, 3, 4});
      values[6] = 3;
      file.write("segmentation", values, {2, 3, 4});
    });
  world_.barrier();
  const auto with = [&](const std::string& dataset) {
    return found("", "volume: {mask: {path: images/signed.h5/" + dataset + "}}");
  };
  EXPECT_THAT([&] { with("mask"); },
              testing::ThrowsMessage<CollectiveError>(HasSubstr("holds -1 (int32) at z 0, y 1, x 1")));
  EXPECT_THAT([&] { found("images/signed.h5/mask"); },
              testing::ThrowsMessage<CollectiveError>(HasSubstr("holds -1 (int32)")));
  EXPECT_TRUE(with("segmentation"));
}

}  // namespace
}  // namespace cleft
