#include "io/sections/section_image.hpp"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::counted_picture;
using test::Picture;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

class SectionImageTest : public testing::Test {
 protected:
  template <class T>
  std::vector<T> read(const std::filesystem::path& path, std::int64_t page = 0) {
    const auto image = open_section_image(path);
    std::vector<T> values(image->shape(page).bytes() / sizeof(T));
    image->read(page, std::as_writable_bytes(std::span(values)));
    return values;
  }
  template <class T>
  Picture<T> grey_as_colour(const Picture<T>& grey, int channels) {
    Picture<T> colour{grey.height, grey.width, channels, {}};
    for (const T value : grey.values)
      for (int c = 0; c < channels; ++c) colour.values.push_back(c == 3 ? T{77} : value);
    return colour;
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

  test::TempDirectory dir;
  std::filesystem::path tiff = dir / "s.tif", png = dir / "s.png";
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
    EXPECT_EQ(open_section_image(png)->shape(0), (SectionShape{21, 37, ElementType::uint16}));
  }
}

TEST_F(SectionImageTest, PagesOfATiffAreSections) {
  std::vector<Picture<std::uint8_t>> pages;
  for (int page = 0; page < 5; ++page) pages.push_back(counted_picture<std::uint8_t>(6, 7, page));
  test::write_tiff(tiff, pages);
  EXPECT_EQ(open_section_image(tiff)->page_count(), 5);
  for (const std::int64_t page : {3, 0, 4, 0, 1, 2, 3, 4, 2})
    EXPECT_EQ(read<std::uint8_t>(tiff, page), pages[static_cast<std::size_t>(page)].values);
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
  test::write_tiff<std::uint8_t>(tiff, {grey_as_colour(picture, 4)},
                                 {.photometric = PHOTOMETRIC_RGB, .tile = 16});
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
  test::write_tiff<std::uint8_t>(tiff, {colour},
                                 {.photometric = PHOTOMETRIC_RGB, .planar = PLANARCONFIG_SEPARATE});
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); }, ThrowsMessage<InputError>(HasSubstr("in separate planes")));
}

TEST_F(SectionImageTest, OtherKindsOfValuesAreRefusedByName) {
  const auto picture = counted_picture<std::uint16_t>(4, 4);
  test::write_tiff<std::uint16_t>(tiff, {picture}, {.sample_format = SAMPLEFORMAT_INT});
  EXPECT_THAT([&] { read<std::uint16_t>(tiff); },
              ThrowsMessage<InputError>(HasSubstr("has 16-bit signed values")));
  const Picture<std::uint32_t> floating{4, 4, 1, std::vector<std::uint32_t>(16)};
  test::write_tiff<std::uint32_t>(tiff, {floating}, {.sample_format = SAMPLEFORMAT_IEEEFP});
  EXPECT_THAT([&] { read<std::uint32_t>(tiff); },
              ThrowsMessage<InputError>(HasSubstr("has 32-bit floating-point values")));
  test::write_tiff<std::uint32_t>(tiff, {floating});
  EXPECT_THAT([&] { read<std::uint32_t>(tiff); },
              ThrowsMessage<InputError>(HasSubstr("has 32 bits per value; expected 8 or 16")));
  test::write_tiff<std::uint16_t>(tiff, {picture}, {.orientation = ORIENTATION_BOTLEFT});
  EXPECT_THAT([&] { read<std::uint16_t>(tiff); }, ThrowsMessage<InputError>(HasSubstr("orientation 4")));
}

TEST_F(SectionImageTest, AnImageJStackWithHiddenPagesIsRefused) {
  const auto picture = counted_picture<std::uint8_t>(4, 4);
  const char* const text = "ImageJ=1.53t\nimages=900\nslices=900\n";
  test::write_tiff<std::uint8_t>(tiff, {picture}, {.description = text});
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); },
              ThrowsMessage<InputError>(HasSubstr("is an ImageJ stack of 900 sections without pages")));
  test::write_tiff<std::uint8_t>(tiff, {picture, picture}, {.description = text});
  EXPECT_EQ(read<std::uint8_t>(tiff), picture.values);
}

TEST_F(SectionImageTest, FilesThatAreNoImagesAreRefusedByName) {
  EXPECT_THAT([&] { open_section_image(dir / "none.tif"); },
              ThrowsMessage<InputError>(HasSubstr("none.tif: there is no such file")));
  EXPECT_THAT([&] { open_section_image(dir.path()); }, ThrowsMessage<InputError>(HasSubstr("is a directory; expected a TIFF or PNG file")));
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
        std::vector<std::byte> values(image->shape(0).bytes());
        image->read(0, values);
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
  EXPECT_THAT([&] { open_section_image(tiff)->shape(0); },
              ThrowsMessage<InputError>(HasSubstr("claims 16000000 x 16000000 pixels")));
}

}  // namespace
}  // namespace cleft
