#include "io/sections/tiff_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"
#include "support/tiff_bytes.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::plain_page;
using test::put_number;
using test::tiff_bytes;
using test::TiffFileBytes;
using test::TiffForm;
using test::TiffPageBytes;
using test::TiffType;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::vector<TiffForm> all_forms{
    {}, {.big_endian = true}, {.big = true}, {.big_endian = true, .big = true}};

class TiffDirectoryTest : public testing::Test {
 protected:
  static std::vector<TiffPageBytes> pages(int count) {
    std::vector<TiffPageBytes> pages;
    for (int i = 0; i < count; ++i)
      pages.push_back(plain_page(6, 7, std::string(42, static_cast<char>('a' + i))));
    return pages;
  }
  std::vector<TiffDirectory> read(const std::string& bytes) {
    test::write_bytes(file, bytes);
    return TiffFile(file).directories();
  }
  void expect_damaged(const std::string& bytes, const std::string& message) {
    EXPECT_THAT([&] { read(bytes); }, ThrowsMessage<InputError>(HasSubstr(message)));
  }
  test::TempDirectory dir;
  std::filesystem::path file = dir / "s.tif";
};

TEST_F(TiffDirectoryTest, ReadsFieldsOfEveryForm) {
  for (const TiffForm& form : all_forms) {
    const auto page = plain_page(6, 7, std::string(42, 'a'),
                                 {{282, TiffType::rational, {1000, 8}},
                                  {320, TiffType::uint16, {1, 2, 3, 4, 5, 6}},
                                  {338, TiffType::uint16, {2}},
                                  test::tiff_text(270, "ImageJ=1\nimages=3\n")});
    const auto found = read(tiff_bytes({page, page}, form).bytes);
    ASSERT_EQ(found.size(), 2U);
    for (const TiffDirectory& directory : found) {
      EXPECT_EQ(directory.height, 6);
      EXPECT_EQ(directory.width, 7);
      EXPECT_EQ(directory.bits, 8U);
      EXPECT_EQ(directory.photometric, 1U);
      EXPECT_EQ(directory.x_resolution, 125);
      EXPECT_EQ(directory.y_resolution, std::nullopt);
      EXPECT_THAT(directory.color_map, ElementsAre(1, 2, 3, 4, 5, 6));
      EXPECT_THAT(directory.extra_samples, ElementsAre(2));
      EXPECT_THAT(directory.descriptions, ElementsAre("ImageJ=1\nimages=3\n"));
      EXPECT_EQ(directory.data_end - directory.data_begin, 42U);
    }
  }
}

TEST_F(TiffDirectoryTest, WhatIsLeftOutHasTheDefaultOfTheSpecification) {
  const auto found = read(tiff_bytes({plain_page(1, 8, "x", {{258}, {259}, {262}, {277}, {278}})}).bytes);
  EXPECT_EQ(found.front().bits, 1U);
  EXPECT_EQ(found.front().samples, 1U);
  EXPECT_EQ(found.front().compression, 1U);
  EXPECT_EQ(found.front().photometric, std::nullopt);
}

TEST_F(TiffDirectoryTest, WhatLibtiffWroteIsRead) {
  const auto page = test::counted_picture<std::uint16_t>(40, 50);
  for (const int tile : {0, 16})
    for (const std::uint16_t compression :
         std::initializer_list<std::uint16_t>{COMPRESSION_NONE, COMPRESSION_LZW}) {
      test::write_tiff<std::uint16_t>(file, {page, page, page}, {.compression = compression, .tile = tile});
      const auto found = TiffFile(file).directories();
      ASSERT_EQ(found.size(), 3U);
      EXPECT_EQ(found[2].bits, 16U);
      EXPECT_EQ(found[2].tile_width, tile);
    }
}

TEST_F(TiffDirectoryTest, EveryCutOfAFileIsNoticed) {
  for (const TiffForm& form : all_forms) {
    const TiffFileBytes whole = tiff_bytes(pages(3), form);
    EXPECT_EQ(read(whole.bytes).size(), 3U);
    for (std::size_t length = 0; length < whole.bytes.size(); ++length)
      EXPECT_THROW(read(whole.bytes.substr(0, length)), InputError) << length;
  }
}

TEST_F(TiffDirectoryTest, AZeroedTailIsNoticedWhereADirectoryWasInIt) {
  const TiffFileBytes whole = tiff_bytes(pages(3));
  for (std::size_t page = 1; page < 3; ++page) {
    std::string bytes = whole.bytes;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(whole.directories[page]), bytes.end(), '\0');
    expect_damaged(bytes, "s.tif page " + std::to_string(page + 1) + ": cannot be read");
  }
}

TEST_F(TiffDirectoryTest, AChainThatDoesNotEndIsNamedByItsPage) {
  for (const TiffForm& form : all_forms) {
    const std::size_t size = form.big ? 8 : 4;
    const TiffFileBytes whole = tiff_bytes(pages(4), form);
    const auto with_next = [&](std::size_t page, std::uint64_t next) {
      std::string bytes = whole.bytes;
      put_number(bytes, whole.next_places[page], next, size, form);
      return bytes;
    };
    expect_damaged(with_next(1, 4000000000U),
                   "s.tif page 3: cannot be read: it would begin at byte 4000000000");
    expect_damaged(with_next(3, whole.directories[1]),
                   "page 5: cannot be read: it is a page that was there before");
    expect_damaged(with_next(2, whole.directories[2]),
                   "page 4: cannot be read: it is a page that was there before");
    expect_damaged(with_next(3, whole.bytes.size() - 1), "page 5: cannot be read: it would begin at byte");
    EXPECT_EQ(read(with_next(1, 0)).size(), 2U);  // an end like any other
  }
}

TEST_F(TiffDirectoryTest, ACountOfFieldsThatCannotBeIsNamed) {
  const TiffFileBytes whole = tiff_bytes(pages(3));
  for (const std::uint64_t count : {0U, 5000U, 65535U, 4000U}) {
    std::string bytes = whole.bytes;
    put_number(bytes, whole.directories[1], count, 2);
    expect_damaged(bytes, "s.tif page 2: cannot be read: its directory");
  }
  for (const std::uint64_t count : {1U, 4U, 8U, 10U, 12U}) {  // fields are lost or made up
    std::string bytes = whole.bytes;
    put_number(bytes, whole.directories[1], count, 2);
    EXPECT_THROW(read(bytes), InputError) << count;
  }
}

TEST_F(TiffDirectoryTest, PixelsBeyondTheFileAreNamedBeforeTheyAreRead) {
  auto page = plain_page(6, 7, std::string(42, 'a'));
  page.strips = {std::string(21, 'a'), std::string(21, 'b')};
  const std::string bytes = tiff_bytes({page}).bytes;
  expect_damaged(bytes.substr(0, bytes.size() - 5), "cannot be read: its pixels would end at byte");
}

TEST_F(TiffDirectoryTest, AHeaderThatIsNoneIsNamed) {
  expect_damaged("", "s.tif: is a damaged TIFF file: it has 0 bytes");
  expect_damaged(std::string("II*\0\0\0\0\0", 8), "s.tif: is a damaged TIFF file: it has no page");
  expect_damaged(std::string("II+\0\7\0\0\0\0\0\0\0\0\0\0\0", 16), "its header is not that of one");
}

TEST_F(TiffDirectoryTest, FieldsOfTheWrongTypeAreNamed) {
  expect_damaged(tiff_bytes({plain_page(6, 7, std::string(42, 'a'), {{256, TiffType::float64, {7}}})}).bytes,
                 "field 256 holds values of type 12");
}

TEST_F(TiffDirectoryTest, ThumbnailsStandBesideTheirPage) {
  for (const auto& [tag, value, beside] : std::vector<std::tuple<int, int, bool>>{{254, 0, false},
                                                                                  {254, 1, true},
                                                                                  {254, 2, false},
                                                                                  {254, 4, true},
                                                                                  {255, 1, false},
                                                                                  {255, 2, true},
                                                                                  {255, 3, false}}) {
    const auto found = read(
        tiff_bytes(
            {plain_page(
                6, 7, std::string(42, 'a'),
                {{static_cast<std::uint16_t>(tag), TiffType::uint32, {static_cast<std::uint64_t>(value)}}})})
            .bytes);
    EXPECT_EQ(found.front().beside_another(), beside) << tag << " " << value;
  }
}

}  // namespace
}  // namespace cleft
