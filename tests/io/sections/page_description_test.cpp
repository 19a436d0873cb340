#include "io/sections/page_description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const DescribedFile file{
    .name = "s.tif", .samples = 1, .height = 16, .width = 20, .x_resolution = 250, .y_resolution = 200};

StackStatement read(const std::string& text, const DescribedFile& described = file) {
  if (const auto stack = read_description(text, described)) return *stack;
  StackStatement none;
  none.program = "none";
  return none;
}

TEST(PageDescription, OtherTextsSayNothing) {
  for (const char* text :
       {"", "a nice picture", "{}", "{\"shapes\": [1]}", "<svg/>", "ImageDescription", "{\"shape\": 5}"})
    EXPECT_EQ(read(text).program, "none") << text;
}

TEST(PageDescription, ImageJsOrderIsChannelsThenSlicesThenFrames) {
  const auto stack = read("ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\n");
  EXPECT_THAT(stack.unclear, IsEmpty());
  EXPECT_EQ(stack.channels, 2);
  EXPECT_EQ(stack.sections, 3);
  EXPECT_EQ(stack.frames, 2);
  ASSERT_EQ(stack.places.size(), 12U);
  EXPECT_EQ(stack.places[1], (PagePlace{0, 1, 0}));
  EXPECT_EQ(stack.places[2], (PagePlace{1, 0, 0}));
  EXPECT_EQ(stack.places[6], (PagePlace{0, 0, 1}));
}

TEST(PageDescription, ImageJsImagesAreItsSlicesWhereNothingElseIsSaid) {
  EXPECT_EQ(read("ImageJ=1.38x\nimages=5\n").sections, 5);
  EXPECT_EQ(read("ImageJ=1.53t\r\nimages=5\r\nslices=5\r\n").places.size(), 5U);
  EXPECT_EQ(read("ImageJ=1.53t\nunit=micron\n").places.size(), 1U);
  EXPECT_EQ(read("SCIFIO=0.42\naxes=X,Y,Z\nimages=5\nchannels=1\nslices=5\nframes=1\n").sections, 5);
}

TEST(PageDescription, NumbersOfImagesThatContradictEachOtherAreUnclear) {
  EXPECT_THAT(read("ImageJ=1\nimages=10\nchannels=2\nslices=4\n").unclear,
              HasSubstr("4 sections of 2 channels"));
  for (const char* images : {"0", "-5", "x", "99999999999999999999", "1e9", ""})
    EXPECT_THAT(read("ImageJ=1\nimages=" + std::string(images) + "\n").unclear, HasSubstr("cannot be"))
        << images;
  EXPECT_THAT(read("ImageJ=1\nimages=5\nchannels=900000\nslices=900000\nframes=900000\n").unclear,
              HasSubstr("cannot be"));
}

TEST(PageDescription, ImageJsVoxelSizeIsOfItsUnitAndSpacing) {
  const auto size_of = [](const std::string& more) {
    return read("ImageJ=1\nimages=5\nslices=5\n" + more).voxel_size;
  };
  for (const char* unit : {"micron", "um", "\u00b5m", "\\u00B5m"}) {
    const auto size = size_of("unit=" + std::string(unit) + "\nspacing=0.04\n");
    EXPECT_DOUBLE_EQ(size.z.value(), 40);
    EXPECT_DOUBLE_EQ(size.y.value(), 5);
    EXPECT_DOUBLE_EQ(size.x.value(), 4);
  }
  EXPECT_DOUBLE_EQ(size_of("unit=nm\nspacing=-30\n").z.value(), 30);
  EXPECT_DOUBLE_EQ(size_of("unit=nm\nzunit=micron\nspacing=0.03\n").z.value(), 30);
  EXPECT_FALSE(size_of("unit=micron\n").z);
  EXPECT_TRUE(size_of("unit=micron\n").x);
  for (const char* unit : {"pixel", "inch", "", "parsec"})
    EXPECT_FALSE(size_of("unit=" + std::string(unit) + "\nspacing=40\n").any()) << unit;
  EXPECT_FALSE(size_of("spacing=40\n").any());
}

TEST(PageDescription, TifffilesShapeIsThatOfItsPages) {
  EXPECT_EQ(read(R"({"shape": [5, 16, 20]})").sections, 5);
  EXPECT_EQ(read(R"({"shape": [5, 16, 20], "truncated": true})").places.size(), 5U);
  EXPECT_EQ(read(R"({"shape": [1, 5, 1, 16, 20]})").sections, 5);
  EXPECT_EQ(read(R"({"shape": [16, 20]})").places.size(), 1U);
  EXPECT_EQ(read("shape=(5, 16, 20)").sections, 5);
  const DescribedFile colours{
      .name = "s.tif", .samples = 3, .height = 16, .width = 20, .x_resolution = {}, .y_resolution = {}};
  EXPECT_EQ(read(R"({"shape": [5, 16, 20, 3]})", colours).sections, 5);
  EXPECT_EQ(read(R"({"shape": [5, 3, 16, 20]})", colours).sections, 5);
}

TEST(PageDescription, TifffilesAxesSayWhatAnAxisIs) {
  const auto stack = read(R"({"shape": [2, 5, 3, 16, 20], "axes": "TZCYX"})");
  EXPECT_EQ(stack.frames, 2);
  EXPECT_EQ(stack.sections, 5);
  EXPECT_EQ(stack.channels, 3);
  ASSERT_EQ(stack.places.size(), 30U);
  EXPECT_EQ(stack.places[1], (PagePlace{0, 1, 0}));
  EXPECT_EQ(stack.places[3], (PagePlace{1, 0, 0}));
  EXPECT_EQ(read(R"({"shape": [5, 16, 20], "axes": "CYX"})").channels, 5);
  EXPECT_EQ(read(R"({"shape": [5, 16, 20], "axes": "QYX"})").sections, 5);
}

TEST(PageDescription, SeveralAxesWithoutNamesAreUnclear) {
  EXPECT_THAT(read(R"({"shape": [5, 2, 16, 20]})").unclear, HasSubstr("5 x 2 images"));
  EXPECT_THAT(read(R"({"shape": [5, 2, 16, 20], "axes": "RQYX"})").unclear, HasSubstr("5 x 2"));
  EXPECT_THAT(read(R"({"shape": [5, 17, 20]})").unclear, HasSubstr("16 x 20 pixels do not make"));
  EXPECT_THAT(read(R"({"shape": [-5, 16, 20]})").unclear, HasSubstr("-5"));
  EXPECT_THAT(read(R"({"shape": [900000, 900000, 16, 20]})").unclear, HasSubstr("900000"));
}

}  // namespace
}  // namespace cleft
