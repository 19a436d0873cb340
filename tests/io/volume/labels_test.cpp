#include "io/volume/labels.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/label.hpp"
#include "base/random.hpp"
#include "io/h5/file.hpp"
#include "io/volume/label_csv.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::vector<std::string> classes{"membrane", "synapse", "rest"};

class Labels : public testing::Test {
 protected:
  template <class T>
  std::vector<LabelledVoxel> read(const std::vector<T>& values, const Extent& extent,
                                  const h5::Layout& layout = {}) {
    const h5::Shape shape{static_cast<hsize_t>(extent.z), static_cast<hsize_t>(extent.y),
                          static_cast<hsize_t>(extent.x)};
    h5::write_file(dir / "l.h5", [&](h5::File& file) { file.write("labels", values, shape, layout); });
    return read_label_volume(VolumeReader({dir / "l.h5", "/labels"}), {0, 0, 0}, whole_box(extent), classes);
  }
  std::vector<LabelledVoxel> read_csv(const std::string& text, const Extent& volume = {10, 20, 30}) {
    test::write_bytes(dir / "l.csv", text);
    return read_label_csv(dir / "l.csv", volume, classes);
  }
  test::TempDirectory dir;
};

std::vector<LabelledVoxel> plain_list(const std::vector<std::uint8_t>& values, const Extent& extent) {
  std::vector<LabelledVoxel> list;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != 0) list.push_back({voxel_at(static_cast<std::int64_t>(i), extent), values[i]});
  return list;
}

TEST_F(Labels, EveryLabelledVoxelOfAVolumeIsFoundInOrder) {
  const Extent extent{9, 17, 23};
  std::vector<std::uint8_t> values(static_cast<std::size_t>(voxel_count(extent)));
  Random random(2);
  for (auto& value : values)
    value = random.below(10) == 0 ? static_cast<std::uint8_t>(1 + random.below(3)) : 0;
  for (const h5::Layout& layout :
       {h5::Layout{}, h5::Layout{.chunks = {4, 5, 6}, .gzip = 1}, h5::Layout{.chunks = {1, 17, 23}}})
    EXPECT_EQ(read(values, extent, layout), plain_list(values, extent));
}

TEST_F(Labels, OfOtherClassesThanTheirFileStatesAreRefused) {
  h5::write_file(dir / "l.h5", [&](h5::File& file) {
    file.write("labels", std::vector<std::uint8_t>{0, 1, 2}, {1, 1, 3})
        .set_attribute("classes", std::vector<std::string>{"synapse", "membrane", "rest"});
  });
  EXPECT_THAT(
      [&] {
        read_label_volume(VolumeReader({dir / "l.h5", "/labels"}), {0, 0, 0}, whole_box({1, 1, 3}), classes);
      },
      ThrowsMessage<InputError>(HasSubstr("has labels of the classes synapse, membrane, rest")));
}

TEST_F(Labels, AVolumeLargerThanOnePieceIsReadWhole) {
  // The voxels lie at piece corners for any order of cutting: first, last and one in the middle.
  const Extent extent{40, 400, 400};
  std::vector<std::uint8_t> values(static_cast<std::size_t>(voxel_count(extent)));
  for (const std::size_t at : {std::size_t{0}, values.size() / 2, values.size() - 1}) values[at] = 2;
  for (const h5::Layout& layout : {h5::Layout{}, h5::Layout{.chunks = {40, 400, 400}, .gzip = 1},
                                   h5::Layout{.chunks = {16, 64, 64}, .gzip = 1}})
    EXPECT_EQ(read(values, extent, layout), plain_list(values, extent));
}

TEST_F(Labels, AnyIntegerTypeWillDo) {
  const Extent extent{1, 1, 4};
  const auto expected = plain_list({0, 3, 0, 1}, extent);
  EXPECT_EQ(read<std::uint16_t>({0, 3, 0, 1}, extent), expected);
  EXPECT_EQ(read<std::int32_t>({0, 3, 0, 1}, extent), expected);
  EXPECT_EQ(read<std::uint64_t>({0, 3, cremi_background, 1}, extent), expected);
  EXPECT_EQ(read<std::uint64_t>({0, 3, cremi_invalid, 1}, extent), expected);
  EXPECT_EQ(read<std::uint32_t>({0xffffffffU, 3, 0xfffffffeU, 1}, extent), expected);
  EXPECT_EQ(read<std::int64_t>({-1, 3, -2, 1}, extent), expected);
  EXPECT_EQ(read<std::int32_t>({-1, 3, -2, 1}, extent), expected);
  EXPECT_EQ(read<double>({0, 3, 0, 1}, extent), expected);
}

TEST_F(Labels, LabelsThatAreNoClassAreRefusedWithTheirPlace) {
  EXPECT_THAT(
      [&] {
        read<std::uint8_t>({0, 0, 0, 4}, {1, 2, 2});
      },
      ThrowsMessage<InputError>(
          HasSubstr("l.h5:/labels: holds label 4 at z 0, y 1, x 1; expected 0 (none) or 1 to 3 "
                    "(membrane, synapse, rest)")));
  EXPECT_THAT(
      [&] {
        read<std::int16_t>({0, -1, 0, 0}, {1, 2, 2});
      },
      ThrowsMessage<InputError>(HasSubstr("holds -1 (int16)")));
  EXPECT_THAT(
      [&] {
        read<std::int64_t>({0, -3, 0, 0}, {1, 2, 2});
      },
      ThrowsMessage<InputError>(HasSubstr("holds -3 (int64) at z 0, y 0, x 1")));
  EXPECT_THAT(
      [&] {
        read<double>({0, 0.5, 0, 0}, {1, 2, 2});
      },
      ThrowsMessage<InputError>(
          HasSubstr("l.h5:/labels: holds 0.5 (float64) at z 0, y 0, x 1; expected whole numbers from 0")));
}

TEST_F(Labels, APartLiesWhereItBegins) {
  read<std::uint8_t>({0, 1, 2, 3, 0, 1}, {1, 2, 3});
  const VolumeReader labels({dir / "l.h5", "/labels"});
  // The labels cover z 4, y 5:7, x 6:9 of the volume; wanted is a box that begins at z 4, y 6, x 5.
  EXPECT_THAT(read_label_volume(labels, {4, 5, 6}, whole_box({9, 9, 9}), classes),
              ElementsAre(LabelledVoxel{{4, 5, 7}, 1}, LabelledVoxel{{4, 5, 8}, 2},
                          LabelledVoxel{{4, 6, 6}, 3}, LabelledVoxel{{4, 6, 8}, 1}));
  EXPECT_THAT(read_label_volume(labels, {4, 5, 6}, {{4, 6, 5}, {9, 9, 8}}, classes),
              ElementsAre(LabelledVoxel{{0, 0, 1}, 3}));
  // Labels that begin before the volume.
  EXPECT_THAT(read_label_volume(labels, {0, -1, -1}, whole_box({9, 9, 9}), classes),
              ElementsAre(LabelledVoxel{{0, 0, 1}, 1}));
  EXPECT_TRUE(read_label_volume(labels, {0, 20, 0}, whole_box({9, 9, 9}), classes).empty());
}

TEST_F(Labels, OfAWholeVolumeThoseOfABoxAreTaken) {
  EXPECT_THAT(labels_in_box({{{1, 2, 3}, 1}, {{4, 5, 6}, 2}, {{4, 5, 7}, 3}}, {{2, 2, 2}, {9, 9, 7}}),
              ElementsAre(LabelledVoxel{{2, 3, 4}, 2}));
}

TEST_F(Labels, CsvLinesAreVoxelsByNameOrNumber) {
  EXPECT_THAT(
      read_csv("1,2,3,synapse\n0,0,0,1\n0,0,1,rest\n"),
      ElementsAre(LabelledVoxel{{0, 0, 0}, 1}, LabelledVoxel{{0, 0, 1}, 3}, LabelledVoxel{{1, 2, 3}, 2}));
}

TEST_F(Labels, CsvMayHaveAHeaderInAnyOrder) {
  const auto expected = ElementsAre(LabelledVoxel{{1, 2, 3}, 2});
  EXPECT_THAT(read_csv("z,y,x,class\n1,2,3,2\n"), expected);
  EXPECT_THAT(read_csv("x,y,z,who,class\n3,2,1,me,synapse\n"), expected);
  EXPECT_THAT(read_csv("\xef\xbb\xbfz, y, x, \"class\"\r\n\r\n1, 2, 3, \"synapse\"\r\n"), expected);
}

TEST_F(Labels, CsvIsReadAsSpreadsheetsAndProgramsWriteIt) {
  const auto expected = ElementsAre(LabelledVoxel{{0, 0, 1}, 3}, LabelledVoxel{{1, 2, 3}, 2});
  for (const char* text :
       {"1;2;3;synapse\n0;0;1;rest\n", "z;y;x;class\n1;2;3;synapse\n0;0;1;3\n",
        "Z\tY\tX\tClass\n1\t2\t3\tsynapse\n0\t0\t1\trest\n", "Z,Y,X,CLASS\n1.0,2.0,3.0,2.0\n0.0,0,1,3\n",
        "1.000000000000000000e+00,2e0,3.00,2\n0,0,1,3\n", "1,2,3,synapse\r\n0,0,1,rest\r\n\r\n\r\n",
        "1,2,3,synapse\r0,0,1,rest\r", "1,2,3,synapse\n0,0,1,rest\n\n  \n,,,\n", "1,2,3,synapse\n0,0,1,rest",
        "\"z\",\"y\",\"x\",\"class\",\"note\"\n\"1\",\"2\",\"3\",\"synapse\",\"sure, \"\"seen\"\" "
        "twice\"\n0,0,1,rest,\n",
        "class,z,note,y,x\nsynapse,1,\"two\nlines\",2,3\nrest,0,,0,1\n"})
    EXPECT_THAT(read_csv(text), expected) << text;
}

TEST_F(Labels, CsvNamesTheLineAlsoBehindAFieldOfSeveralLines) {
  EXPECT_THAT([&] { read_csv("z,y,x,class,note\n1,2,3,1,\"a\nb\"\n9,9,9,9,\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:4: names class '9'")));
  EXPECT_THAT([&] { read_csv("1,2,3,1\n1,2,3,\"rest\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:2: has a quote that is never closed")));
  EXPECT_THAT([&] { read_csv("1,2,3,\"re\"st\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:1: has text behind a closing quote")));
  EXPECT_THAT(
      [&] {
        read_csv(
            std::string("\xff\xfe"
                        "1\0",
                        4));
      },
      ThrowsMessage<InputError>(HasSubstr("l.csv: is text in UTF-16")));
}

TEST_F(Labels, CsvWhoseRowsNeverEndIsNoShorterCsv) {
  const std::string rows = "1,2,3,1\n0,0,0,2\n";
  for (const std::string& text :
       {rows + "1,1,1," + std::string(30000000, 'a'), rows + std::string(1 << 20, '\0') + "\n",
        rows + "1,1,1,\"" + std::string(40000, 'b') + "\n" + std::string(40000, 'b')}) {
    try {
      read_csv(text);
      FAIL();
    } catch (const IoError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("l.csv"), HasSubstr("cannot be read to its end: ")));
      EXPECT_LT(std::string(error.what()).size(), 300U);
    }
  }
}

TEST_F(Labels, CsvOfManyPiecesIsReadWhole) {
  std::string text = "z,y,x,class,note\r\n";
  std::size_t count = 0;
  for (int z = 0; z < 10; ++z)
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 30; ++x, ++count)
        text += fmt::format("{},{},{},1,\"{}\"\r\n", z, y, x, std::string(count % 97, ','));
  EXPECT_GT(text.size(), std::size_t{4} << 16U);
  EXPECT_EQ(read_csv(text).size(), count);
}

TEST_F(Labels, CsvOfACutLiesWhereTheCutBegins) {
  test::write_bytes(dir / "l.csv", "1,2,3,synapse\n");
  EXPECT_THAT(read_label_csv(dir / "l.csv", {10, 20, 30}, classes, {8, 1, 0}),
              ElementsAre(LabelledVoxel{{9, 3, 3}, 2}));
  EXPECT_THAT(
      [&] {
        read_label_csv(dir / "l.csv", {10, 20, 30}, classes, {9, 1, 0});
      },
      ThrowsMessage<InputError>(HasSubstr("z 10, y 3, x 3 is outside the volume")));
}

TEST_F(Labels, APipeInPlaceOfACsvIsRefused) {
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(
      [&] {
        read_label_csv(dir / "pipe", {1, 1, 1}, classes);
      },
      ThrowsMessage<InputError>(HasSubstr("pipe: is a pipe")));
}

TEST_F(Labels, TheSameCsvLineTwiceCountsOnce) {
  EXPECT_THAT(read_csv("1,2,3,2\n1,2,3,synapse\n"), ElementsAre(LabelledVoxel{{1, 2, 3}, 2}));
}

TEST_F(Labels, AnEmptyCsvHasNoLabels) {
  EXPECT_TRUE(read_csv("").empty());
  EXPECT_TRUE(read_csv("z,y,x,class\n").empty());
}

TEST_F(Labels, BadCsvLinesAreNamed) {
  EXPECT_THAT([&] { read_csv("1,2,3,1\n1,2,3\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:2: has 3 fields; expected 4 (z,y,x,class)")));
  EXPECT_THAT([&] { read_csv("1,2,3,1\n1,2.5,3,1\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:2: y is '2.5'; expected a whole number")));
  EXPECT_THAT([&] { read_csv("1,2,30,1\n"); },
              ThrowsMessage<InputError>(HasSubstr(
                  "l.csv:1: z 1, y 2, x 30 is outside the volume; expected a voxel of 10 x 20 x 30")));
  EXPECT_THAT([&] { read_csv("-1,2,3,1\n"); }, ThrowsMessage<InputError>(HasSubstr("outside the volume")));
  EXPECT_THAT([&] { read_csv("1,2,3,4\n"); },
              ThrowsMessage<InputError>(HasSubstr("names class '4'; expected 1 to 3")));
  EXPECT_THAT(
      [&] { read_csv("1,2,3,synapes\n"); },
      ThrowsMessage<InputError>(HasSubstr("expected one of membrane, synapse, rest (nearest: synapse)")));
  EXPECT_THAT(
      [&] { read_csv("z,y,x,label\n1,2,3,1\n"); },
      ThrowsMessage<InputError>(HasSubstr(
          "l.csv:1: names no column class (its columns: z, y, x, label); expected the columns z, y, x "
          "and class, in any order")));
  EXPECT_THAT([&] { read_csv("z,y,x,class,Z\n1,2,3,1,1\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:1: names the column z 2 times")));
  EXPECT_THAT([&] { read_csv("z,y,x\n1,2,3\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:1: names no column class (its columns: z, y, x)")));
  EXPECT_THAT([&] { read_csv("1,2,3\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:1: has 3 fields; expected 4 (z,y,x,class)")));
}

TEST_F(Labels, CsvOfClass0IsRefused) {
  for (const char* zero : {"0", "0.0"})
    EXPECT_THAT([&] { read_csv(fmt::format("1,2,3,1\n1,2,4,{}\n", zero)); },
                ThrowsMessage<InputError>(HasSubstr(
                    "l.csv:2: names class '0', which in label volumes means unlabelled; expected 1 to 3 "
                    "(membrane, synapse, rest), and no row for a voxel without a label")));
}

TEST_F(Labels, CsvNumbersWithADecimalCommaAreToldOf) {
  EXPECT_THAT([&] { read_csv("1,5;2;3;1\n"); }, ThrowsMessage<InputError>(HasSubstr("z is '1,5'")));
  EXPECT_THAT([&] { read_csv("1;2,5;3;1\n"); },
              ThrowsMessage<InputError>(HasSubstr("l.csv:1: y is '2,5' (numbers are written 4.6 or 1000, "
                                                  "without a comma); expected a whole number")));
}

TEST_F(Labels, CsvMayHaveComments) {
  const auto expected = ElementsAre(LabelledVoxel{{1, 2, 3}, 2});
  for (const char* text :
       {"# painted by me; on Monday, in \"haste\n1,2,3,2\n", "# z,y,x,class\n1,2,3,2\n",
        "#x;y;z;class\n3;2;1;synapse\n", "## note\n# x,y,z,class\n#5,5,5,9\n3,2,1,2\n# end\n",
        "z,y,x,class\n  # 9,9,9,9\n1,2,3,2\n", "#\n1,2,3,2\n#\n"})
    EXPECT_THAT(read_csv(text), expected) << text;
  EXPECT_THAT(
      [&] { read_csv("# x,y,z,label\n1,2,3,2\n"); },
      ThrowsMessage<InputError>(HasSubstr("l.csv:1: names no column class (its columns: x, y, z, label)")))
      << "it says that the order is another one, and not all of it";
}

TEST_F(Labels, CsvOfNaparisPointsIsTakenWhereItHasAClass) {
  EXPECT_THAT(read_csv("index,axis-0,axis-1,axis-2,class,sure\n"
                       "0.0,1.0,2.49,2.5,synapse,True\n1.0,0.0,-0.5,0.2,3,False\n2.0,1,2,3,2,True\n"),
              ElementsAre(LabelledVoxel{{0, 0, 0}, 3}, LabelledVoxel{{1, 2, 3}, 2}));
  EXPECT_THAT([&] { read_csv("index,axis-0,axis-1,axis-2,kind\n0,1,2,3,1\n"); },
              ThrowsMessage<InputError>(
                  HasSubstr("l.csv:1: names no column class (its columns: index, axis-0, axis-1, axis-2, "
                            "kind); expected the columns axis-0, axis-1, axis-2 and class, in any order")));
  EXPECT_THAT([&] { read_csv("index,axis-0,axis-1,class\n0,1,2,1\n"); },
              ThrowsMessage<InputError>(HasSubstr("names no column axis-2")));
  EXPECT_THAT([&] { read_csv("index,axis-0,axis-1,axis-2,axis-3,class\n0,0,1,2,3,1\n"); },
              ThrowsMessage<InputError>(HasSubstr("names axis-3: points of more than three axes")));
  EXPECT_THAT(
      [&] { read_csv("index,shape-type,vertex-index,axis-0,axis-1,axis-2,class\n0,path,0,1,2,3,1\n"); },
      ThrowsMessage<InputError>(HasSubstr("is of a layer of shapes of napari")));
  EXPECT_THAT([&] { read_csv("axis-0,axis-1,axis-2,class\n0,20.5,2,1\n"); },
              ThrowsMessage<InputError>(HasSubstr("z 0, y 21, x 2 is outside the volume")));
  EXPECT_THAT([&] { read_csv("axis-0,axis-1,axis-2,class\n0,nan,2,1\n"); },
              ThrowsMessage<InputError>(HasSubstr("y is 'nan'; expected a number")));
}

TEST_F(Labels, AVoxelWithTwoClassesIsRefusedNamingBothLines) {
  EXPECT_THAT([&] { read_csv("1,2,3,1\n0,0,0,1\n1,2,3,2\n"); },
              ThrowsMessage<InputError>(
                  HasSubstr("l.csv:3: gives class synapse to a voxel that line 1 gave class membrane")));
}

TEST_F(Labels, AMissingCsvIsNamed) {
  EXPECT_THAT(
      [&] {
        read_label_csv(dir / "none.csv", {1, 1, 1}, classes);
      },
      ThrowsMessage<InputError>(HasSubstr("none.csv: there is no such file; expected a CSV file of labels")));
  EXPECT_THAT(
      [&] {
        read_label_csv(dir.path(), {1, 1, 1}, classes);
      },
      ThrowsMessage<InputError>(HasSubstr("is a directory")));
}

}  // namespace
}  // namespace cleft
