#include "io/sections/image_stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::counted_picture;
using testing::AllOf;
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
    const SectionList list = list_sections(source);
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
}

TEST_F(ImageStackTest, ASectionOfAnotherSizeOrTypeIsNamed) {
  write_sections({1, 2}, ".tif");
  const auto read_second = [&] {
    const SectionList list = list_sections(dir.path().string());
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
  EXPECT_THAT([&] { list_sections(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("img2.tif: is followed by img4.tif; expected number 3")));
}

TEST_F(ImageStackTest, AnUnreadableSectionIsNamed) {
  write_sections({1, 2, 3}, ".tif");
  test::write_bytes(dir / "img2.tif", "garbage");
  EXPECT_THAT([&] { list_sections(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("img2.tif: is neither TIFF nor PNG")));
}

TEST_F(ImageStackTest, WhereNothingIsThereIsAnError) {
  EXPECT_THAT([&] { list_sections(dir.path().string()); },
              ThrowsMessage<InputError>(HasSubstr("holds no sections")));
  EXPECT_THAT([&] { list_sections((dir / "*.tif").string()); },
              ThrowsMessage<InputError>(HasSubstr("*.tif: holds no sections")));
  EXPECT_THAT([&] { list_sections((dir / "none").string()); },
              ThrowsMessage<InputError>(HasSubstr("there is no such file or folder")));
}

TEST_F(ImageStackTest, AFolderOfTwoKindsIsRefused) {
  write_sections({1, 2}, ".tif");
  write_sections({1}, ".png");
  EXPECT_THAT(
      [&] { list_sections(dir.path().string()); },
      ThrowsMessage<InputError>(HasSubstr("holds 2 TIFF and 1 PNG files; expected one kind, or a pattern")));
}

}  // namespace
}  // namespace cleft
