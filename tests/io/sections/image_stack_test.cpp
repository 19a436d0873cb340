#include "io/sections/image_stack.hpp"

#include <chrono>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"
#include "support/tiff_bytes.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::counted_picture;
using test::plain_page;
using test::tiff_bytes;
using test::TiffField;
using test::TiffType;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class ImageStackTest : public testing::Test {
 protected:
  void write_sections(const std::vector<int>& numbers, const std::string& extension) {
    for (const int number : numbers) {
      const auto picture = counted_picture<std::uint8_t>(5, 6, number);
      const auto file = dir / ("img" + std::to_string(number) + extension);
      if (extension == ".png")
        test::write_png(file, picture);
      else
        test::write_tiff<std::uint8_t>(file, {picture});
    }
  }
  /// Section k of the stack must be the picture that was made with seeds[k].
  void expect_sections(const std::string& source, const std::vector<int>& seeds) {
    const SectionList list = find_stack(source).sections;
    ASSERT_EQ(list.extent(), (Extent{static_cast<std::int64_t>(seeds.size()), 5, 6}));
    SectionReader reader(list);
    std::vector<std::uint8_t> values(30);
    for (std::size_t z = 0; z < seeds.size(); ++z) {
      reader.read_section(static_cast<std::int64_t>(z), std::as_writable_bytes(std::span(values)));
      EXPECT_EQ(values, counted_picture<std::uint8_t>(5, 6, seeds[z]).values) << z;
    }
  }
  test::TempDirectory dir;
};

TEST_F(ImageStackTest, AFolderIsReadInNaturalOrder) {
  write_sections({8, 9, 10, 11}, ".tif");
  test::write_bytes(dir / "notes.txt", "not an image");
  test::write_bytes(dir / ".hidden.tif", "");
  expect_sections(dir.path().string(), {8, 9, 10, 11});
}

TEST_F(ImageStackTest, APatternTakesWhatItMatches) {
  write_sections({1, 2, 3}, ".png");
  write_sections({7, 8}, ".TIFF");
  expect_sections((dir / "*.png").string(), {1, 2, 3});
  expect_sections((dir / "img?.TIFF").string(), {7, 8});
}

TEST_F(ImageStackTest, PagesOfOneOrMoreFilesFollowEachOther) {
  const auto page = [](int seed) { return counted_picture<std::uint8_t>(5, 6, seed); };
  test::write_tiff<std::uint8_t>(dir / "part2.tif", {page(3), page(4)});
  test::write_tiff<std::uint8_t>(dir / "part1.tif", {page(0), page(1), page(2)});
  expect_sections((dir / "part1.tif").string(), {0, 1, 2});
  expect_sections(dir.path().string(), {0, 1, 2, 3, 4});
  EXPECT_THAT(find_stack(dir.path().string()).warnings,
              ElementsAre(HasSubstr("2 files with several pages each: taken for parts of one stack")));
}

TEST_F(ImageStackTest, ASectionOfAnotherSizeOrTypeIsNamed) {
  write_sections({1, 2}, ".tif");
  const auto read_second = [&] {
    const SectionList list = find_stack(dir.path().string()).sections;
    std::vector<std::byte> values(list.shape().bytes());
    SectionReader(list).read_section(1, values);
  };
  test::write_tiff<std::uint8_t>(dir / "img2.tif", {counted_picture<std::uint8_t>(5, 7)});
  EXPECT_THAT(read_second,
              ThrowsMessage<InputError>(AllOf(HasSubstr("img2.tif: is 5 x 7 uint8; expected 5 x 6 uint8"),
                                              HasSubstr("as the first section"), HasSubstr("img1.tif"))));
  test::write_tiff<std::uint16_t>(dir / "img2.tif", {counted_picture<std::uint16_t>(5, 6)});
  EXPECT_THAT(read_second,
              ThrowsMessage<InputError>(HasSubstr("img2.tif: is 5 x 6 uint16; expected 5 x 6 uint8")));
  const auto page = counted_picture<std::uint8_t>(5, 6);
  test::write_tiff<std::uint8_t>(dir / "img1.tif", {page, counted_picture<std::uint8_t>(4, 6)});
  EXPECT_THAT(read_second, ThrowsMessage<InputError>(HasSubstr("img1.tif page 2: is 4 x 6 uint8")));
}

TEST_F(ImageStackTest, AHoleInTheNumberingIsNamed) {
  write_sections({1, 2, 4}, ".tif");
  EXPECT_THAT([&] { find_stack(dir.path().string()); },
              ThrowsMessage<InputError>(
                  HasSubstr("img2.tif: is followed by img4.tif; expected number 3: a section is missing")));
}

TEST_F(ImageStackTest, AnUnreadableSectionIsNamed) {
  write_sections({1, 2, 3}, ".tif");
  test::write_bytes(dir / "img2.tif", "garbage");
  EXPECT_THAT([&] { find_stack(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("img2.tif: is neither TIFF nor PNG")));
}

TEST_F(ImageStackTest, WhereNothingIsThereIsAnError) {
  EXPECT_THAT([&] { find_stack(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("holds no sections")));
  EXPECT_THAT([&] { find_stack((dir / "*.tif").string()); },
              ThrowsMessage<InputError>(HasSubstr("*.tif: holds no sections")));
  EXPECT_THAT([&] { find_stack((dir / "none").string()); },
              ThrowsMessage<InputError>(HasSubstr("there is no such file or folder")));
}

TEST_F(ImageStackTest, AFolderOfTwoKindsIsRefused) {
  write_sections({1, 2}, ".tif");
  write_sections({1}, ".png");
  EXPECT_THAT(
      [&] { find_stack(dir.path().string()); },
      ThrowsMessage<InputError>(HasSubstr("holds 2 TIFF and 1 PNG files; expected one kind, or a pattern")));
}

/// A stack whose pages hold their own number, with the first page described.
std::string described(int pages, const std::string& text, const std::string& behind = "") {
  std::vector<test::TiffPageBytes> all;
  for (int i = 0; i < pages; ++i) {
    std::vector<TiffField> more;
    if (i == 0) more = {test::tiff_text(270, text)};
    all.push_back(plain_page(2, 3, std::string(6, static_cast<char>(i)), more));
  }
  all.back().behind = behind;
  return tiff_bytes(all).bytes;
}

class DescribedStackTest : public ImageStackTest {
 protected:
  /// The first value of each section.
  std::vector<int> values(const std::string& bytes, const StackOptions& options = {}) {
    test::write_bytes(file, bytes);
    const SectionList list = find_stack(file, options).sections;
    SectionReader reader(list);
    std::vector<int> firsts;
    for (std::int64_t z = 0; z < list.extent().z; ++z) {
      std::vector<std::byte> section(list.shape().bytes());
      reader.read_section(z, section);
      firsts.push_back(std::to_integer<int>(section[0]));
    }
    return firsts;
  }
  void expect_refused(const std::string& bytes, const std::string& message,
                      const StackOptions& options = {}) {
    test::write_bytes(file, bytes);
    EXPECT_THAT([&] { find_stack(file, options); }, ThrowsMessage<InputError>(HasSubstr(message)));
  }
  std::string file = (dir / "s.tif").string();
};

const std::string two_channels = "ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\nhyperstack=true\n";

TEST_F(DescribedStackTest, OneChannelOfSeveralIsTakenWhenAskedFor) {
  const std::string bytes = described(6, two_channels);
  expect_refused(
      bytes,
      "s.tif: holds 2 channels of 3 sections (ImageJ); expected --channel 1 to 2 to take one of them, "
      "or --pages all");
  EXPECT_THAT(values(bytes, {.pages = {.channel = 1}}), ElementsAre(0, 2, 4));
  EXPECT_THAT(values(bytes, {.pages = {.channel = 2}}), ElementsAre(1, 3, 5));
  EXPECT_THAT(values(bytes, {.pages = {.use = PageUse::all}}), ElementsAre(0, 1, 2, 3, 4, 5));
  expect_refused(bytes, "--channel: 3; expected 1 to 2", {.pages = {.channel = 3}});
}

TEST_F(DescribedStackTest, OneFrameOfSeveralIsTakenWhenAskedFor) {
  const std::string bytes = described(6, "ImageJ=1.53t\nimages=6\nslices=3\nframes=2\n");
  expect_refused(bytes, "s.tif: holds 2 frames of 3 sections (ImageJ); expected --frame 1 to 2");
  EXPECT_THAT(values(bytes, {.pages = {.frame = 2}}), ElementsAre(3, 4, 5));
  expect_refused(described(5, "ImageJ=1.53t\nimages=5\nframes=5\n"), "holds 5 frames of 1 section");
  expect_refused(described(2, "ImageJ=1.53t\nimages=2\nslices=2\n"), "--frame: 2; expected 1, the only one",
                 {.pages = {.frame = 2}});
}

TEST_F(DescribedStackTest, OmesOrderIsItsOwn) {
  const std::string ome =
      R"(<OME><Image><Pixels DimensionOrder="XYZCT" SizeZ="3" SizeC="2" SizeT="1"/></Image></OME>)";
  EXPECT_THAT(values(described(6, ome), {.pages = {.channel = 2}}), ElementsAre(3, 4, 5));
  expect_refused(described(6, ome), "holds 2 channels of 3 sections (OME)");
  expect_refused(described(5, ome), "s.tif: says (OME) that it holds 6 images, and has 5 pages");
}

TEST_F(DescribedStackTest, PagesThatAreNotWhatTheDescriptionSaysAreRefused) {
  const std::string ten = "ImageJ=1.53t\nimages=10\nslices=10\n";
  expect_refused(described(6, ten),
                 "s.tif: says (ImageJ) that it holds 10 images, and has 6 pages (is it cut short?)");
  expect_refused(described(12, ten), "has a description (ImageJ) that speaks of 10 of its 12 pages");
  expect_refused(described(10, R"({"shape": [5, 2, 2, 3]})"),
                 "5 x 2 images, and not which of them are sections");
  EXPECT_THAT(values(described(6, ten), {.pages = {.use = PageUse::all}}).size(), 6U);
  EXPECT_THAT(values(described(6, "a comment")).size(), 6U);
}

TEST_F(DescribedStackTest, SectionsBehindTheOnlyPageAreRead) {
  const std::string behind = std::string(6, 1) + std::string(6, 2) + "something else";
  for (const char* text :
       {R"({"shape": [3, 2, 3], "truncated": true})", "ImageJ=1.53t\nimages=3\nslices=3\n"}) {
    EXPECT_THAT(values(described(1, text, behind)), ElementsAre(0, 1, 2));
    expect_refused(described(1, text, behind.substr(0, 11)), "stack of 3 sections without pages");
  }
  EXPECT_THAT(values(described(1, "ImageJ=1.53t\nimages=3\nchannels=3\n", behind), {.pages = {.channel = 2}}),
              ElementsAre(1));
}

TEST_F(DescribedStackTest, DescriptionsOfSinglePagesLeaveThemPages) {
  std::vector<test::TiffPageBytes> pages;
  for (int i = 0; i < 3; ++i)
    pages.push_back(plain_page(2, 3, std::string(6, static_cast<char>(i)),
                               {test::tiff_text(270, R"({"shape": [2, 3]})")}));
  EXPECT_THAT(values(tiff_bytes(pages).bytes), ElementsAre(0, 1, 2));
}

TEST_F(DescribedStackTest, ASampleIsTakenWhereChannelsAreNotPages) {
  const auto page = plain_page(1, 2, std::string("\1\2\3\4", 4),
                               {{277, TiffType::uint16, {2}}, {258, TiffType::uint16, {8, 8}}});
  EXPECT_THAT(values(tiff_bytes({page, page}).bytes, {.pages = {.channel = 2}}), ElementsAre(2, 2));
  expect_refused(tiff_bytes({page}).bytes, "has 2 channels, and not --channel 3", {.pages = {.channel = 3}});
}

TEST_F(DescribedStackTest, TheVoxelSizeIsTheFilesOwn) {
  test::write_bytes(file, tiff_bytes({plain_page(2, 3, "abcdef",
                                                 {test::tiff_text(270, "ImageJ=1\nunit=nm\nspacing=40.0\n"),
                                                  {282, TiffType::rational, {1, 4}},
                                                  {283, TiffType::rational, {2, 10}}})})
                              .bytes);
  const auto stack = find_stack(file);
  EXPECT_EQ(stack.voxel_size.z, 40);
  EXPECT_EQ(stack.voxel_size.y, 5);
  EXPECT_EQ(stack.voxel_size.x, 4);
  EXPECT_THAT(stack.voxel_size_source, HasSubstr("s.tif (ImageJ)"));
}

TEST_F(DescribedStackTest, FilesOfAnotherVoxelSizeAreNamed) {
  for (const int i : {1, 2})
    test::write_bytes(
        dir / ("a" + std::to_string(i) + ".tif"),
        tiff_bytes({plain_page(2, 3, "abcdef",
                               {test::tiff_text(270, "ImageJ=1\nunit=nm\n"),
                                {282, TiffType::rational, {1, static_cast<std::uint64_t>(i)}}})})
            .bytes);
  EXPECT_THAT(
      [&] { find_stack(dir.path().string()); },
      ThrowsMessage<InputError>(AllOf(HasSubstr("a2.tif: states another voxel size"), HasSubstr("a1.tif"))));
}

TEST_F(DescribedStackTest, FilesOfOneDescriptionMustFollowEachOther) {
  const auto write = [&](int name, int z, int channel) {
    const std::string text = "s" + std::to_string(name) + ".tif";
    const std::string ome =
        R"(<OME><Image><Pixels DimensionOrder="XYZCT" SizeZ="3" SizeC="2" SizeT="1"><TiffData IFD="0" FirstZ=")" +
        std::to_string(z) + R"(" FirstC=")" + std::to_string(channel) + R"("><UUID FileName=")" + text +
        R"(">urn:a</UUID></TiffData><TiffData FirstZ="2" FirstC="1" IFD="9"><UUID FileName="x.tif">urn:b</UUID></TiffData></Pixels></Image></OME>)";
    test::write_bytes(dir / text, described(1, ome));
  };
  for (const int z : {0, 1, 2}) write(z, z, 0);
  EXPECT_EQ(find_stack(dir.path().string()).sections.extent().z, 3);
  EXPECT_THAT(find_stack((dir / "s[01].tif").string()).warnings,
              ElementsAre(HasSubstr("2 of the 3 sections")));
  write(2, 1, 0);
  EXPECT_THAT([&] { find_stack(dir.path().string()); },
              ThrowsMessage<InputError>(
                  HasSubstr("s2.tif: is section 2 by its description, and comes after section 2")));
  write(2, 2, 1);
  EXPECT_THAT([&] { find_stack(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("s2.tif: is of channel 2, frame 1")));
}

TEST_F(ImageStackTest, MissingSectionsAreFilledWhenAskedFor) {
  write_sections({1, 2, 5}, ".tif");
  const auto stack = find_stack(dir.path().string(), {.missing = FillMissing::repeat});
  const SectionList& list = stack.sections;
  EXPECT_EQ(list.extent(), (Extent{5, 5, 6}));
  EXPECT_THAT(list.missing, ElementsAre(2, 3));
  const auto read = [](const SectionList& sections, std::int64_t z) {
    std::vector<std::uint8_t> values(30, 99);
    SectionReader(sections).read_section(z, std::as_writable_bytes(std::span(values)));
    return values;
  };
  EXPECT_EQ(read(list, 2), counted_picture<std::uint8_t>(5, 6, 2).values);
  EXPECT_EQ(read(list, 3), counted_picture<std::uint8_t>(5, 6, 2).values);
  EXPECT_EQ(read(list, 4), counted_picture<std::uint8_t>(5, 6, 5).values);
  const auto blank = find_stack(dir.path().string(), {.missing = FillMissing::blank}).sections;
  EXPECT_EQ(read(blank, 3), std::vector<std::uint8_t>(30, 0));
  EXPECT_EQ(read(blank, 1), counted_picture<std::uint8_t>(5, 6, 2).values);
}

TEST_F(ImageStackTest, MoreMissingThanPresentIsAMistake) {
  write_sections({1, 2, 900}, ".tif");
  EXPECT_THAT([&] { find_stack(dir.path().string(), {.missing = FillMissing::blank}); },
              ThrowsMessage<InputError>(HasSubstr("lacks more sections than it has (3)")));
}

TEST_F(ImageStackTest, AStackThatChangesIsNoticed) {
  write_sections({1, 2, 3}, ".tif");
  const auto stack = find_stack(dir.path().string());
  EXPECT_NO_THROW(check_unchanged(stack));
  const auto expect_changed = [&](const std::string& message) {
    EXPECT_THAT([&] { check_unchanged(stack); }, ThrowsMessage<InputError>(HasSubstr(message)));
  };
  write_sections({4}, ".tif");
  expect_changed("has 4 files now, and had 3");
  std::filesystem::remove(dir / "img4.tif");
  EXPECT_NO_THROW(check_unchanged(stack));
  const auto time = std::filesystem::last_write_time(dir / "img2.tif");
  std::filesystem::last_write_time(dir / "img2.tif", time + std::chrono::seconds(1));
  expect_changed("img2.tif: was changed while it was imported");
  std::filesystem::last_write_time(dir / "img2.tif", time);
  const std::string bytes = test::file_bytes(dir / "img2.tif");
  test::write_bytes(dir / "img2.tif", bytes.substr(0, bytes.size() - 1));
  std::filesystem::last_write_time(dir / "img2.tif", time);
  expect_changed("img2.tif: was changed");
  std::filesystem::remove(dir / "img2.tif");
  expect_changed("img2.tif: is not there any more");
}

TEST_F(ImageStackTest, WhatIsDoneToValuesIsTold) {
  test::write_bytes(dir / "s1.tif",
                    tiff_bytes({plain_page(1, 2, "ab", {{262, TiffType::uint16, {0}}})}).bytes);
  test::write_bytes(dir / "s2.tif", tiff_bytes({plain_page(1, 2, "ab")}).bytes);
  EXPECT_THAT(find_stack(dir.path().string()).notes,
              ElementsAre(HasSubstr("1 section: white is zero: values are turned")));
  test::write_bytes(dir / "s2.tif",
                    tiff_bytes({plain_page(1, 2, "ab", {{262, TiffType::uint16, {0}}})}).bytes);
  EXPECT_THAT(find_stack(dir.path().string(), {.white_is_zero = WhiteIsZero::keep}).notes,
              ElementsAre(HasSubstr("all sections: white is zero: values are kept")));
}

TEST_F(ImageStackTest, TurnedOverBitsAreDoubted) {
  const std::string bits =
      tiff_bytes({plain_page(2, 8, "\x0f\xf0", {{258, TiffType::uint16, {1}}, {262, TiffType::uint16, {0}}})})
          .bytes;
  test::write_bytes(dir / "s1.tif", bits);
  EXPECT_THAT(find_stack(dir.path().string()).warnings,
              ElementsAre(HasSubstr("all sections: one bit for each pixel, and white is zero: 0 became 1")));
  EXPECT_THAT(find_stack(dir.path().string(), {.white_is_zero = WhiteIsZero::keep}).warnings,
              testing::IsEmpty());
}

TEST_F(ImageStackTest, ValuesAreScaledWhenAskedFor) {
  const test::Picture<float> picture{1, 5, 1, {-3.0F, 0.0F, 0.5F, 1.0F, 7.0F}};
  test::write_tiff<float>(dir / "s.tif", {picture}, {.sample_format = SAMPLEFORMAT_IEEEFP});
  const SectionList list = find_stack((dir / "s.tif").string(), {.range = GreyRange{0, 1}}).sections;
  EXPECT_EQ(list.shape().type, ElementType::uint8);
  std::vector<std::uint8_t> values(5);
  SectionReader(list).read_section(0, std::as_writable_bytes(std::span(values)));
  EXPECT_THAT(values, ElementsAre(0, 0, 128, 255, 255));
  const test::Picture<float> nan{1, 1, 1, {std::numeric_limits<float>::quiet_NaN()}};
  test::write_tiff<float>(dir / "s.tif", {nan}, {.sample_format = SAMPLEFORMAT_IEEEFP});
  const SectionList damaged = find_stack((dir / "s.tif").string(), {.range = GreyRange{0, 1}}).sections;
  EXPECT_THAT(
      [&] { SectionReader(damaged).read_section(0, std::as_writable_bytes(std::span(values).first(1))); },
      ThrowsMessage<InputError>(HasSubstr("no numbers (NaN)")));
}

TEST_F(ImageStackTest, SectionsOfOtherBitsAreRefused) {
  const auto bits = plain_page(3, 8, std::string(3, '\5'), {{258, TiffType::uint16, {1}}});
  const auto bytes = plain_page(3, 8, std::string(24, '\5'));
  for (const auto& pages : {std::vector{bits, bytes}, std::vector{bytes, bits}}) {
    test::write_bytes(dir / "s.tif", tiff_bytes(pages).bytes);
    EXPECT_THAT([&] { find_stack((dir / "s.tif").string()); },
                ThrowsMessage<InputError>(HasSubstr("s.tif page 2: has values of another number of bits")));
  }
  test::write_bytes(dir / "s.tif", tiff_bytes({bits, bits}).bytes);
  EXPECT_EQ(find_stack((dir / "s.tif").string()).sections.extent(), (Extent{2, 3, 8}));
}

TEST_F(ImageStackTest, ImagesOfOtherKindsAreToldOf) {
  test::write_bytes(dir / "img10.jpg", "\xff\xd8\xff");
  test::write_bytes(dir / "Thumbs.db", "x");
  EXPECT_THAT([&] { find_stack(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("holds no sections, but 1 image such as img10.jpg")));
  write_sections({8, 9}, ".tif");
  EXPECT_THAT(
      find_stack(dir.path().string()).warnings,
      ElementsAre(HasSubstr("1 image of another kind than TIFF and PNG left out, such as img10.jpg")));
  std::filesystem::remove(dir / "img10.jpg");
  EXPECT_THAT(find_stack(dir.path().string()).warnings, testing::IsEmpty());
}

TEST_F(ImageStackTest, AFolderOfZarrIsNamed) {
  test::write_bytes(dir / ".zarray", "{}");
  EXPECT_THAT([&] { find_stack(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("is a folder of Zarr, not a stack of sections")));
}

}  // namespace
}  // namespace cleft
