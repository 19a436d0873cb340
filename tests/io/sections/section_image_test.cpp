#include "io/sections/section_image.hpp"

#include <cstring>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/sections/section_file.hpp"
#include "io/sections/tiff_directory.hpp"
#include "support/temp_directory.hpp"
#include "support/tiff_bytes.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::counted_picture;
using test::Picture;
using test::plain_page;
using test::tiff_bytes;
using test::TiffField;
using test::TiffType;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

class SectionImageTest : public test::SectionFile {
 protected:
  template <class T>
  Picture<T> grey_in_planes(const Picture<T>& grey) {
    Picture<T> planes{grey.height, grey.width, 3, {}};
    for (int plane = 0; plane < 3; ++plane)
      planes.values.insert(planes.values.end(), grey.values.begin(), grey.values.end());
    return planes;
  }
  template <class T>
  void expect_every_layout_is_read() {
    const auto picture = counted_picture<T>(21, 37);
    for (const std::uint16_t compression : std::initializer_list<std::uint16_t>{
             COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS})
      for (const int tile : {0, 16, 32})
        for (const int rows : {1, 4, 100}) {
          test::write_tiff<T>(tiff, {picture},
                              {.compression = compression, .rows_per_strip = rows, .tile = tile});
          EXPECT_EQ(read<T>(tiff), picture.values) << compression << " " << tile << " " << rows;
        }
  }
};

TEST_F(SectionImageTest, TiffOf8BitsIsReadInEveryLayout) {
  expect_every_layout_is_read<std::uint8_t>();
}
TEST_F(SectionImageTest, TiffOf16BitsIsReadInEveryLayout) {
  expect_every_layout_is_read<std::uint16_t>();
}

TEST_F(SectionImageTest, PngIsRead) {
  const auto narrow = counted_picture<std::uint8_t>(21, 37);
  const auto wide = counted_picture<std::uint16_t>(21, 37);
  for (const int interlace : {PNG_INTERLACE_NONE, PNG_INTERLACE_ADAM7}) {
    test::write_png(png, narrow, PNG_COLOR_TYPE_GRAY, interlace);
    EXPECT_EQ(read<std::uint8_t>(png), narrow.values);
    test::write_png(png, wide, PNG_COLOR_TYPE_GRAY, interlace);
    EXPECT_EQ(read<std::uint16_t>(png), wide.values);
    EXPECT_EQ(open_section_image(png)->shape({}), (SectionShape{21, 37, ElementType::uint16}));
  }
}

TEST_F(SectionImageTest, AnAnimatedPngIsNoSection) {
  test::write_png(png, counted_picture<std::uint8_t>(4, 4));
  std::string bytes = test::file_bytes(png);
  constexpr std::size_t behind_header = 33;
  // Two images, endlessly; with the checksum of these bytes.
  bytes.insert(behind_header, std::string("\0\0\0\x08"
                                          "acTL\0\0\0\x02\0\0\0\0\xf3\x8d\x93\x70",
                                          20));
  test::write_bytes(png, bytes);
  EXPECT_THAT([&] { read<std::uint8_t>(png); },
              ThrowsMessage<InputError>(HasSubstr("s.png: is an animation of several images")));
}

TEST_F(SectionImageTest, PagesOfATiffAreSections) {
  std::vector<Picture<std::uint8_t>> pages;
  for (int page = 0; page < 5; ++page) pages.push_back(counted_picture<std::uint8_t>(6, 7, page));
  test::write_tiff(tiff, pages);
  EXPECT_EQ(open_section_image(tiff)->pages().size(), 5U);
  for (const std::size_t page : {3, 0, 4, 0, 1, 2, 3, 4, 2})
    EXPECT_EQ(read<std::uint8_t>(tiff, page), pages[page].values);
}

TEST_F(SectionImageTest, MinIsWhiteIsTurnedSoThatZeroIsBlack) {
  const auto picture = counted_picture<std::uint16_t>(5, 6);
  test::write_tiff<std::uint16_t>(tiff, {picture}, {.photometric = PHOTOMETRIC_MINISWHITE});
  const auto values = read<std::uint16_t>(tiff);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], 65535 - picture.values[i]);
}

TEST_F(SectionImageTest, GreyStoredAsColourIsRead) {
  const auto picture = counted_picture<std::uint8_t>(9, 20);
  test::write_tiff<std::uint8_t>(tiff, {grey_as_colour(picture, 3)}, {.photometric = PHOTOMETRIC_RGB});
  EXPECT_EQ(read<std::uint8_t>(tiff), picture.values);
  test::write_tiff<std::uint8_t>(
      tiff, {grey_as_colour(picture, 4)},
      {.photometric = PHOTOMETRIC_RGB, .extra_sample = EXTRASAMPLE_UNASSALPHA, .tile = 16});
  EXPECT_EQ(read<std::uint8_t>(tiff), picture.values);
  test::write_tiff<std::uint8_t>(tiff, {grey_as_colour(picture, 4)}, {.photometric = PHOTOMETRIC_RGB});
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); }, ThrowsMessage<InputError>(HasSubstr("has 4 channels")));
  test::write_tiff<std::uint8_t>(tiff, {grey_in_planes(picture)},
                                 {.photometric = PHOTOMETRIC_RGB, .planar = PLANARCONFIG_SEPARATE});
  EXPECT_EQ(read<std::uint8_t>(tiff), picture.values);
  test::write_png(png, grey_as_colour(picture, 3), PNG_COLOR_TYPE_RGB);
  EXPECT_EQ(read<std::uint8_t>(png), picture.values);
  const auto wide = counted_picture<std::uint16_t>(9, 20);
  test::write_png(png, grey_as_colour(wide, 4), PNG_COLOR_TYPE_RGB_ALPHA);
  EXPECT_EQ(read<std::uint16_t>(png), wide.values);
}

TEST_F(SectionImageTest, ColoursAreRefused) {
  auto colour = grey_as_colour(counted_picture<std::uint8_t>(9, 20), 3);
  colour.values[4] ^= 1U;
  test::write_tiff<std::uint8_t>(tiff, {colour}, {.photometric = PHOTOMETRIC_RGB});
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); },
              ThrowsMessage<InputError>(HasSubstr("s.tif: has colours; expected grey values")));
  test::write_png(png, colour, PNG_COLOR_TYPE_RGB);
  EXPECT_THAT([&] { read<std::uint8_t>(png); }, ThrowsMessage<InputError>(HasSubstr("s.png: has colours")));
  test::write_png(png, counted_picture<std::uint8_t>(4, 4), PNG_COLOR_TYPE_PALETTE);
  EXPECT_THAT([&] { read<std::uint8_t>(png); },
              ThrowsMessage<InputError>(HasSubstr("s.png: has a palette of colours")));
  auto planes = grey_in_planes(counted_picture<std::uint8_t>(9, 20));
  planes.values.back() ^= 1U;
  test::write_tiff<std::uint8_t>(tiff, {planes},
                                 {.photometric = PHOTOMETRIC_RGB, .planar = PLANARCONFIG_SEPARATE});
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); }, ThrowsMessage<InputError>(HasSubstr("s.tif: has colours")));
}

TEST_F(SectionImageTest, ValuesOfEveryTypeStayWhatTheyAre) {
  const auto expect_type = [&](auto zero, std::uint16_t format, ElementType type) {
    using T = decltype(zero);
    const auto picture = counted_picture<T>(7, 9);
    for (const int tile : {0, 16}) {
      test::write_tiff<T>(tiff, {picture}, {.sample_format = format, .tile = tile});
      EXPECT_EQ(read<T>(tiff), picture.values) << to_string(type);
      EXPECT_EQ(open_section_image(tiff)->shape(open_section_image(tiff)->pages().front()).type, type);
    }
  };
  expect_type(std::uint8_t{}, SAMPLEFORMAT_VOID, ElementType::uint8);
  expect_type(std::int8_t{}, SAMPLEFORMAT_INT, ElementType::int8);
  expect_type(std::int16_t{}, SAMPLEFORMAT_INT, ElementType::int16);
  expect_type(std::uint32_t{}, SAMPLEFORMAT_UINT, ElementType::uint32);
  expect_type(std::int32_t{}, SAMPLEFORMAT_INT, ElementType::int32);
  expect_type(std::uint64_t{}, SAMPLEFORMAT_UINT, ElementType::uint64);
  expect_type(float{}, SAMPLEFORMAT_IEEEFP, ElementType::float32);
  expect_type(double{}, SAMPLEFORMAT_IEEEFP, ElementType::float64);
}

TEST_F(SectionImageTest, PredictorsAreUndone) {
  const auto whole = counted_picture<std::uint16_t>(7, 9);
  test::write_tiff<std::uint16_t>(tiff, {whole},
                                  {.compression = COMPRESSION_LZW, .predictor = PREDICTOR_HORIZONTAL});
  EXPECT_EQ(read<std::uint16_t>(tiff), whole.values);
  const auto real = counted_picture<float>(7, 9);
  test::write_tiff<float>(tiff, {real},
                          {.compression = COMPRESSION_ADOBE_DEFLATE,
                           .sample_format = SAMPLEFORMAT_IEEEFP,
                           .predictor = PREDICTOR_FLOATINGPOINT});
  EXPECT_EQ(read<float>(tiff), real.values);
}

TEST_F(SectionImageTest, EveryFormOfTiffIsRead) {
  for (const bool big_endian : {false, true})
    for (const bool big : {false, true}) {
      const test::TiffForm form{big_endian, big};
      const std::string low = {1, 2}, high = {2, 1};
      const auto page =
          plain_page(1, 2, big_endian ? low + high : high + low, {{258, TiffType::uint16, {16}}});
      EXPECT_THAT(read_bytes<std::uint16_t>(tiff_bytes({page}, form).bytes), ElementsAre(0x102, 0x201));
    }
}

TEST_F(SectionImageTest, StripsWithoutLengthsAreReadWhereTheirLengthIsKnown) {
  auto page = plain_page(2, 2, "abcd");
  page.with_lengths = false;
  EXPECT_THAT(read_bytes<std::uint8_t>(tiff_bytes({page}).bytes), ElementsAre('a', 'b', 'c', 'd'));
  EXPECT_THAT(
      read_bytes<std::uint8_t>(tiff_bytes({plain_page(2, 2, "abcd", {{279, TiffType::uint32, {0}}})}).bytes),
      ElementsAre('a', 'b', 'c', 'd'));
}

TEST_F(SectionImageTest, GreyJpegIsReadAndItsDamageNoticed) {
  const Picture<std::uint8_t> flat{32, 32, 1, std::vector<std::uint8_t>(1024, 77)};
  test::write_tiff<std::uint8_t>(tiff, {flat}, {.compression = COMPRESSION_JPEG, .rows_per_strip = 32});
  EXPECT_EQ(read<std::uint8_t>(tiff), flat.values);
  Picture<std::uint8_t> noise{64, 64, 1, {}};
  for (unsigned i = 0, v = 1; i < 4096; ++i, v = v * 1664525U + 1013904223U)
    noise.values.push_back(static_cast<std::uint8_t>(v >> 24U));
  test::write_tiff<std::uint8_t>(tiff, {noise}, {.compression = COMPRESSION_JPEG, .rows_per_strip = 64});
  const auto whole = read<std::uint8_t>(tiff);
  std::string bytes = test::file_bytes(tiff);
  const TiffDirectory page = TiffFile(tiff).directories().front();
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>((page.data_begin + page.data_end) / 2),
            bytes.begin() + static_cast<std::ptrdiff_t>(page.data_end), '\0');
  test::write_bytes(tiff, bytes);
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); }, ThrowsMessage<InputError>(HasSubstr("s.tif: ")));
}

TEST_F(SectionImageTest, FaxIsReadAndItsDamageNoticed) {
  TIFF* file = TIFFOpen(tiff.c_str(), "w");
  std::vector<std::uint8_t> row(8, 0x33);
  TIFFSetField(file, TIFFTAG_IMAGEWIDTH, 64);
  TIFFSetField(file, TIFFTAG_IMAGELENGTH, 32);
  TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(file, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, 32);
  for (std::uint32_t y = 0; y < 32; ++y) TIFFWriteScanline(file, row.data(), y, 0);
  TIFFClose(file);
  const auto whole = read<std::uint8_t>(tiff);
  EXPECT_EQ(whole[0], 1);
  EXPECT_EQ(whole[2], 0);
  std::string bytes = test::file_bytes(tiff);
  const TiffDirectory page = TiffFile(tiff).directories().front();
  for (std::size_t at = page.data_begin + 1; at < page.data_end; ++at) bytes[at] = '\0';
  test::write_bytes(tiff, bytes);
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); }, ThrowsMessage<InputError>(HasSubstr("s.tif: ")));
}

TEST_F(SectionImageTest, AThumbnailIsNoSection) {
  const auto page = plain_page(2, 2, "abcd"),
             thumbnail = plain_page(1, 1, "x", {{254, TiffType::uint32, {1}}});
  for (const auto& pages :
       std::vector<std::vector<test::TiffPageBytes>>{{page, thumbnail}, {thumbnail, page}}) {
    EXPECT_THAT(read_bytes<std::uint8_t>(tiff_bytes(pages).bytes), ElementsAre('a', 'b', 'c', 'd'));
    const auto image = open_section_image(tiff);
    EXPECT_EQ(image->pages().size(), 1U);
    EXPECT_EQ(image->pages_beside(), 1);
  }
  expect_refused(tiff_bytes({thumbnail}).bytes, "has no pages but thumbnails");
}

TEST_F(SectionImageTest, ATileManyTimesTheImageIsRefusedBeforeMemoryIsTaken) {
  std::vector<TiffField> fields{{278},
                                {322, TiffType::uint32, {32768}},
                                {323, TiffType::uint32, {65520}},
                                {324, TiffType::uint32, {8}},
                                {325, TiffType::uint32, {64}},
                                {259, TiffType::uint16, {8}}};
  auto page = plain_page(16, 16, std::string(64, 'a'), fields);
  std::string bytes = tiff_bytes({page}).bytes;
  // Offsets and lengths of strips are taken out: it is in tiles.
  for (const char tag : {'\x11', '\x17'}) {
    const std::size_t at = bytes.find(std::string(1, tag) + "\x01\x04");
    ASSERT_NE(at, std::string::npos);
    bytes[at + 1] = '\x70';
  }
  expect_refused(bytes, "has strips or tiles of 2146959360 bytes for an image of 256");
}

TEST_F(SectionImageTest, FilesThatAreNoImagesAreRefusedByName) {
  EXPECT_THAT([&] { open_section_image(dir / "none.tif"); },
              ThrowsMessage<InputError>(HasSubstr("none.tif: there is no such file")));
  EXPECT_THAT([&] { open_section_image(dir.path()); },
              ThrowsMessage<InputError>(HasSubstr("is a directory")));
  test::write_bytes(tiff, "");
  EXPECT_THAT([&] { open_section_image(tiff); },
              ThrowsMessage<InputError>(HasSubstr("s.tif: is neither TIFF nor PNG")));
  test::write_bytes(tiff, "II*\0nonsense");
  EXPECT_THAT([&] { open_section_image(tiff); },
              ThrowsMessage<InputError>(HasSubstr("s.tif: is a damaged TIFF file: ")));
}

/// Reading must end in the right pixels or an error of one line, whatever was cut off or changed.
template <class T, class Read>
void expect_no_silent_damage(const std::filesystem::path& path, const std::vector<T>& expected,
                             const Read& read_file) {
  const std::string bytes = test::file_bytes(path);
  for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 150) {
    test::write_bytes(path, bytes.substr(0, length));
    try {
      EXPECT_EQ(read_file(), expected) << length;
    } catch (const InputError& e) {
      EXPECT_THAT(e.what(), AllOf(HasSubstr(path.filename().string()), Not(HasSubstr("\n")))) << length;
    }
  }
}

TEST_F(SectionImageTest, ATruncatedFileIsAnErrorThatNamesIt) {
  const auto picture = counted_picture<std::uint8_t>(40, 50);
  for (const std::uint16_t compression :
       std::initializer_list<std::uint16_t>{COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
    test::write_tiff<std::uint8_t>(tiff, {picture}, {.compression = compression});
    expect_no_silent_damage(tiff, picture.values, [&] { return read<std::uint8_t>(tiff); });
  }
  test::write_png(png, picture);
  expect_no_silent_damage(png, picture.values, [&] { return read<std::uint8_t>(png); });
}

TEST_F(SectionImageTest, ADamagedPngIsToldInASentence) {
  test::write_png(png, counted_picture<std::uint8_t>(40, 50));
  const std::string bytes = test::file_bytes(png);
  const auto message = [&](const std::string& damaged) {
    test::write_bytes(png, damaged);
    try {
      read<std::uint8_t>(png);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  for (const std::size_t missing : {std::size_t{5}, std::size_t{12}, bytes.size() / 2, bytes.size() - 20})
    EXPECT_EQ(message(bytes.substr(0, bytes.size() - missing)),
              png.string() +
                  ": is cut short: it ends before its image does; expected the whole file: copy it "
                  "again, or export it again")
        << missing;
  std::string changed = bytes;
  changed[bytes.size() / 2] ^= 0x10;
  EXPECT_THAT(message(changed), AllOf(HasSubstr(": is a damaged PNG file ("),
                                      HasSubstr("); expected the whole file: copy it again")));
}

TEST_F(SectionImageTest, FlippedBytesNeverCrash) {
  const auto picture = counted_picture<std::uint16_t>(6, 7);
  const auto flip_each = [&](const std::filesystem::path& path) {
    const std::string bytes = test::file_bytes(path);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(~damaged[at]);
      test::write_bytes(path, damaged);
      try {
        const auto image = open_section_image(path);
        const PageAt page = image->pages().front();
        std::vector<std::byte> values(image->shape(page).bytes());
        image->read(page, values);
      } catch (const InputError& e) {
        ASSERT_THAT(e.what(), HasSubstr(path.filename().string())) << at;
      }
    }
  };
  for (const int tile : {0, 16}) {
    test::write_tiff<std::uint16_t>(tiff, {picture}, {.compression = COMPRESSION_LZW, .tile = tile});
    flip_each(tiff);
  }
  test::write_png(png, picture);
  flip_each(png);
}

TEST_F(SectionImageTest, AClaimedSizeThatCannotBeIsRefusedBeforeMemoryIsTaken) {
  test::write_tiff<std::uint8_t>(tiff, {counted_picture<std::uint8_t>(4, 4)},
                                 {.compression = COMPRESSION_ADOBE_DEFLATE, .rows_per_strip = 20000000});
  TIFF* file = TIFFOpen(tiff.c_str(), "r+");
  TIFFSetField(file, TIFFTAG_IMAGEWIDTH, 16000000);
  TIFFSetField(file, TIFFTAG_IMAGELENGTH, 16000000);
  TIFFRewriteDirectory(file);
  TIFFClose(file);
  EXPECT_THAT([&] { open_section_image(tiff)->shape(open_section_image(tiff)->pages().front()); },
              ThrowsMessage<InputError>(HasSubstr("claims 16000000 x 16000000 pixels")));
}

}  // namespace
}  // namespace cleft
