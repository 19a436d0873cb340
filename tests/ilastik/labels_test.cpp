#include "ilastik/labels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::axistags;
using test::write_small_project;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> classes{"membrane", "synapse"};
constexpr Extent volume{10, 20, 30};

/// One block of strokes as a project stores it.
struct Block {
  std::vector<std::uint8_t> values;
  h5::Shape shape;
  std::string slice;
  std::string axes{};             ///< empty: an old project, which does not say
  std::string set = "labels000";  ///< of one image
};

class IlastikLabels : public testing::Test {
 protected:
  void write(const std::vector<Block>& blocks, const test::SmallProject& p = {}) {
    write_small_project(path_, p, [&](h5::File& file) {
      for (std::size_t b = 0; b < blocks.size(); ++b) {
        h5::Dataset block =
            file.write(fmt::format("PixelClassification/LabelSets/{}/block{:04}", blocks[b].set, b),
                       blocks[b].values, blocks[b].shape);
        if (!blocks[b].slice.empty()) block.set_attribute("blockSlice", blocks[b].slice);
        if (!blocks[b].axes.empty()) block.set_attribute("axistags", axistags(blocks[b].axes));
      }
    });
  }
  std::vector<LabelledVoxel> read() const {
    return read_project_labels(read_ilastik_project(path_), 0, volume, classes);
  }
  void expect_refused(const std::vector<Block>& blocks, const std::string& message) {
    write(blocks);
    EXPECT_THAT([&] { read(); }, testing::ThrowsMessage<InputError>(HasSubstr(message)));
  }

  test::TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "my.ilp";
};

TEST_F(IlastikLabels, LieWhereTheirBlocksSay) {
  write({{{1, 0, 2, 1}, {1, 2, 2, 1}, "[3:4,5:7,8:10,0:1]", "zyxc"},
         {{2}, {1, 1, 1, 1}, "[0:1,0:1,29:30,0:1]"}});
  EXPECT_THAT(read(), ElementsAre(LabelledVoxel{{0, 0, 29}, 2}, LabelledVoxel{{3, 5, 8}, 1},
                                  LabelledVoxel{{3, 6, 8}, 2}, LabelledVoxel{{3, 6, 9}, 1}));
}

TEST_F(IlastikLabels, FollowTheAxesOfTheBlockOrElseOfTheImage) {
  write({{{1, 2}, {2, 1, 1, 1, 1}, "[4:6,2:3,1:2,0:1,0:1]", "xyztc"}});
  EXPECT_THAT(read(), ElementsAre(LabelledVoxel{{1, 2, 4}, 1}, LabelledVoxel{{1, 2, 5}, 2}));
  test::SmallProject p;
  p.axes = "yxc";  // an image of one section
  write({{{1, 2}, {1, 2, 1}, "[7:8,3:5,0:1]"}}, p);
  EXPECT_THAT(read(), ElementsAre(LabelledVoxel{{0, 7, 3}, 1}, LabelledVoxel{{0, 7, 4}, 2}));
}

TEST_F(IlastikLabels, LieInTheOrderThatAllBlocksOfAnImageCanHave) {
  // As 1.3.3 does: axes of length 1 left out, c kept.
  test::SmallProject five;
  five.axes = "tzyxc";
  const auto of_shape = [&](const std::vector<std::int64_t>& shape, const std::vector<Block>& blocks,
                            const test::SmallProject& p) {
    write(blocks, p);
    h5::File file = h5::File::open_write(path_);
    file.write("Input Data/infos/lane0000/Raw Data/shape", shape);
    file.close();
    return read();
  };
  EXPECT_THAT(of_shape({1, 10, 20, 30, 1}, {{{1, 2}, {1, 1, 2, 1}, "[3:4,5:6,7:9,0:1]"}}, five),
              ElementsAre(LabelledVoxel{{3, 5, 7}, 1}, LabelledVoxel{{3, 5, 8}, 2}));
  EXPECT_THAT(of_shape({1, 1, 20, 30, 1}, {{{1, 2}, {1, 2, 1}, "[5:6,7:9,0:1]"}}, five),
              ElementsAre(LabelledVoxel{{0, 5, 7}, 1}, LabelledVoxel{{0, 5, 8}, 2}));
  // c in its place, which the second block proves for the first.
  test::SmallProject channels;
  channels.axes = "zcyx";
  EXPECT_THAT(of_shape({10, 2, 20, 30},
                       {{{1}, {1, 1, 1, 1}, "[3:4,0:1,5:6,0:1]"}, {{2}, {1, 1, 1, 1}, "[3:4,0:1,5:6,7:8]"}},
                       channels),
              ElementsAre(LabelledVoxel{{3, 5, 0}, 1}, LabelledVoxel{{3, 5, 7}, 2}));
  // c last, likewise.
  EXPECT_THAT(of_shape({10, 2, 20, 30},
                       {{{1}, {1, 1, 1, 1}, "[3:4,0:1,5:6,0:1]"}, {{2}, {1, 1, 1, 1}, "[3:4,4:5,5:6,0:1]"}},
                       channels),
              ElementsAre(LabelledVoxel{{3, 0, 5}, 1}, LabelledVoxel{{3, 4, 5}, 2}));
}

TEST_F(IlastikLabels, WhoseOrderCannotBeToldFollowTheVersionOrAreRefused) {
  test::SmallProject channels;
  channels.axes = "zcyx";
  const auto read_as = [&](const char* version) {
    write({{{1}, {1, 1, 1, 1}, "[3:4,0:1,5:6,0:1]"}}, channels);
    h5::File file = h5::File::open_write(path_);
    file.remove("ilastikVersion");
    file.write_text("ilastikVersion", version);
    file.close();
    return read();
  };
  EXPECT_THAT(read_as("1.3.3post1"), ElementsAre(LabelledVoxel{{3, 5, 0}, 1}));
  EXPECT_THAT(read_as("1.3.2"), ElementsAre(LabelledVoxel{{3, 0, 5}, 1}));
  EXPECT_THAT([&] { read_as(""); }, testing::ThrowsMessage<InputError>(HasSubstr(
                                        "lies at '[3:4,0:1,5:6,0:1]', which may be along zyxc or zcyx")));
}

TEST_F(IlastikLabels, OfBlocksThatCannotBeUsedAreNotCounted) {
  test::SmallProject p;
  p.axes = "tzyxc";
  write({{{1}, {1, 1, 1, 1, 1}, "[2:3,0:1,0:1,0:1,0:1]"}, {{2}, {1, 1, 1, 1, 1}, "[0:1,0:1,0:1,0:1,0:1]"}},
        p);
  const LabelCounts counts = count_project_labels(read_ilastik_project(path_), 0);
  EXPECT_THAT(counts.by_class, ElementsAre(0, 1));
  ASSERT_TRUE(counts.unusable);
  EXPECT_THAT(counts.unusable->what(), HasSubstr("block0000: lies at 2:3 along t"));
}

TEST_F(IlastikLabels, AreCountedByClass) {
  write({{{1, 2, 2, 0}, {1, 2, 2, 1}, "[3:4,5:7,8:10,0:1]"}});
  EXPECT_THAT(count_project_labels(read_ilastik_project(path_), 0).by_class, ElementsAre(1, 2));
}

TEST_F(IlastikLabels, ThatCannotBePlacedAreRefused) {
  expect_refused({{{1}, {1, 1, 1, 1}, ""}}, "does not say where it lies");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:1,0:1,0:1]"}}, "a range for each of the axes zyxc");
  expect_refused({{{1}, {1, 1, 1, 1}, "0:1,0:1,0:1,0:1"}}, "lies at '0:1,0:1,0:1,0:1'");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:1,0:1,0:1,0:1]x"}}, "lies at");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:99999999999999999999,0:1,0:1,0:1]"}}, "lies at");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:2,0:1,0:1,0:1]"}}, "but is 1 x 1 x 1 x 1");
  expect_refused({{{1}, {1, 1, 1, 1}, "[-1:0,0:1,0:1,0:1]"}}, "but is 1 x 1 x 1 x 1");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:1,0:1,30:31,0:1]"}}, "labels the voxel 0,0,30 (z, y, x)");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:1,0:1,0:1,1:2]"}}, "lies at 1:2 along c");
  expect_refused({{{1}, {1, 1, 1, 1, 1}, "[5:6,0:1,0:1,0:1,0:1]", "tzyxc"}}, "labels at time 0");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:1,0:1,0:1,0:1]", "zzyx"}}, "each axis once");
}

TEST_F(IlastikLabels, ThatContradictTheClassesOrEachOtherAreRefused) {
  expect_refused({{{3}, {1, 1, 1, 1}, "[0:1,0:1,0:1,0:1]"}}, "holds label 3 at 0,0,0");
  expect_refused({{{1}, {1, 1, 1, 1}, "[0:1,0:1,0:1,0:1]"}, {{2}, {1, 1, 1, 1}, "[0:1,0:1,0:1,0:1]"}},
                 "gives the voxel 0,0,0 (z, y, x) the labels 1 and 2");
}

TEST_F(IlastikLabels, BelongToTheImageOfTheVolume) {
  const auto with_two_images = [&](const std::vector<Block>& blocks) {
    write(blocks);
    h5::File file = h5::File::open_write(path_);
    file.create_group("Input Data/infos/lane0001/Raw Data").write_text("filePath", "other.h5/raw");
    file.close();
    return read_ilastik_project(path_);
  };
  const Block first{{1}, {1, 1, 1, 1}, "[0:1,0:1,0:1,0:1]"};
  Block second = first;
  second.set = "labels001";
  Block none = first;
  none.values = {0};
  EXPECT_EQ(image_of_volume(with_two_images({none, second}), "any.h5"), 1U);
  EXPECT_EQ(image_of_volume(with_two_images({first, second}), "here/raw.h5"), 0U);
  EXPECT_EQ(image_of_volume(with_two_images({first, second}), "other.h5"), 1U);
  EXPECT_THAT(
      [&] {
        image_of_volume(with_two_images({first, second}), "third.h5");
      },
      testing::ThrowsMessage<InputError>(HasSubstr("has labels in 2 images: 0: raw.h5, 1: other.h5")));
  EXPECT_THAT([&] { image_of_volume(with_two_images({none}), "raw.h5"); },
              testing::ThrowsMessage<InputError>(HasSubstr("holds no labels")));
}

}  // namespace
}  // namespace cleft
