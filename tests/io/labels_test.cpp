#include "io/labels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

const std::vector<std::string> classes{"membrane", "synapse", "rest"};
constexpr Extent volume{3, 40, 50};

class Labels : public testing::Test {
 protected:
  test::TempDirectory directory_;
  std::filesystem::path csv_ = directory_ / "strokes.csv";

  VolumeReader label_volume(const std::vector<std::pair<std::int64_t, int>>& labels, const h5::Layout& layout,
                            const h5::Shape& shape = {3, 40, 50}) {
    const auto path = directory_ / "labels.h5";
    h5::write_file(path, [&](h5::File& file) {
      std::vector<std::int16_t> values(shape[0] * shape[1] * shape[2]);
      for (const auto& [at, label] : labels)
        values[static_cast<std::size_t>(at)] = static_cast<std::int16_t>(label);
      file.write("labels", values, shape, layout);
    });
    return VolumeReader({path, "labels"});
  }
  std::vector<LabelledVoxel> from_csv(const std::string& text) const {
    test::write_bytes(csv_, text);
    return read_label_csv(csv_, volume, classes);
  }
  std::string refusal(const std::string& text) const {
    try {
      from_csv(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(Labels, OfAVolumeComeInOrderWhateverItsChunksAre) {
  const std::vector<std::pair<std::int64_t, int>> at{{0, 3}, {51, 1}, {1999, 2}, {2000, 1}, {5999, 3}};
  const std::vector<LabelledVoxel> expected{
      {{0, 0, 0}, 3}, {{0, 1, 1}, 1}, {{0, 39, 49}, 2}, {{1, 0, 0}, 1}, {{2, 39, 49}, 3}};
  for (const h5::Layout& layout :
       {h5::Layout{}, h5::Layout{.chunks = {1, 7, 9}}, h5::Layout{.chunks = {2, 40, 50}, .gzip = 1}})
    EXPECT_EQ(read_label_volume(label_volume(at, layout), volume, 3), expected);
  EXPECT_TRUE(read_label_volume(label_volume({}, {}), volume, 3).empty());
}

TEST_F(Labels, OfAVolumeOfAnotherExtentOrWithAnUnknownLabelAreRefused) {
  EXPECT_THROW(read_label_volume(label_volume({}, {}, {3, 40, 51}), volume, 3), InputError);
  try {
    read_label_volume(label_volume({{2051, 4}}, {}), volume, 3);
    ADD_FAILURE() << "was accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("label 4 at z 1, y 1, x 1; expected 0 (unlabelled) to 3"));
  }
  EXPECT_THROW(read_label_volume(label_volume({{0, 300}}, {}), volume, 3), InputError);
}

TEST_F(Labels, OfATableMayNameTheirClassesAndOrderTheirColumnsFreely) {
  const std::vector<LabelledVoxel> expected{{{0, 1, 2}, 2}, {{0, 1, 3}, 1}, {{2, 0, 0}, 3}};
  EXPECT_EQ(from_csv("z,y,x,class\n2,0,0,rest\n0,1,3,1\n0,1,2,synapse\n"), expected);
  EXPECT_EQ(from_csv("note, class ,x,y,z\r\n,2,2,1,0\r\n\r\n\"a\",membrane,3,1,0\r\n-,3,0,0,2"), expected);
  EXPECT_EQ(from_csv("z,y,x,class\n0,1,2,2\n0,1,3,1\n2,0,0,3\n0,1,2,synapse\n"), expected);
  EXPECT_TRUE(from_csv("z,y,x,class\n").empty());
}

TEST_F(Labels, OfADefectTableAreRefusedWithLineAndReason) {
  const std::string head = "z,y,x,class\n0,0,0,rest\n";
  EXPECT_THAT(refusal(""), testing::HasSubstr("is empty"));
  EXPECT_THAT(refusal("z,y,class\n"), testing::HasSubstr("strokes.csv:1: no column 'x'"));
  EXPECT_THAT(refusal("0,0,0,1\n"), testing::HasSubstr("no column 'z'"));
  EXPECT_THAT(refusal(head + "1,2,3\n"), testing::HasSubstr("strokes.csv:3: 3 fields; expected 4"));
  EXPECT_THAT(refusal(head + "1,2.5,3,1\n"), testing::HasSubstr("y is '2.5'; expected a whole number"));
  EXPECT_THAT(refusal(head + "1,2,,1\n"), testing::HasSubstr("x is ''"));
  EXPECT_THAT(refusal(head + "99999999999999999999,2,1,1\n"), testing::HasSubstr("z is '9999"));
  EXPECT_THAT(refusal(head + "1,40,0,1\n"), testing::HasSubstr("voxel z 1, y 40, x 0 is outside the volume"));
  EXPECT_THAT(refusal(head + "-1,4,0,1\n"), testing::HasSubstr("outside the volume"));
  EXPECT_THAT(refusal(head + "1,4,0,0\n"),
              testing::HasSubstr("class is '0'; expected one of membrane, synapse, rest"));
  EXPECT_THAT(refusal(head + "1,4,0,4\n"), testing::HasSubstr("class is '4'"));
  EXPECT_THAT(refusal(head + "1,4,0,vesicle\n"), testing::HasSubstr("class is 'vesicle'"));
  EXPECT_THAT(refusal(head + "0,0,0,2\n"),
              testing::HasSubstr("strokes.csv:3: class 'synapse' for a voxel that already has class 'rest'"));
  EXPECT_THROW(read_label_csv(directory_ / "none.csv", volume, classes), InputError);
}

}  // namespace
}  // namespace cleft
