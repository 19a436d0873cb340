#include "io/sections/tiff_grey.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/sections/section_file.hpp"
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
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

using TiffGreyTest = test::SectionFile;

TEST_F(TiffGreyTest, BitsOfAnyNumberAreTakenAsTheyAre) {
  const auto of_bits = [&](std::uint64_t bits, int width, const std::string& pixels,
                           const std::vector<TiffField>& more = {}) {
    auto fields = more;
    fields.push_back({258, TiffType::uint16, {bits}});
    return tiff_bytes({plain_page(1, width, pixels, fields)}).bytes;
  };
  EXPECT_THAT(read_bytes<std::uint8_t>(of_bits(1, 10, "\xA5\x40")),
              ElementsAre(1, 0, 1, 0, 0, 1, 0, 1, 0, 1));
  EXPECT_THAT(read_bytes<std::uint8_t>(of_bits(2, 5, "\x1B\xC0")), ElementsAre(0, 1, 2, 3, 3));
  EXPECT_THAT(read_bytes<std::uint8_t>(of_bits(4, 3, "\x7F\x20")), ElementsAre(7, 15, 2));
  EXPECT_THAT(read_bytes<std::uint16_t>(of_bits(12, 2, "\xAB\xC3\xDE")), ElementsAre(0xABC, 0x3DE));
  // FillOrder 2: the lowest bit comes first.
  EXPECT_THAT(read_bytes<std::uint8_t>(of_bits(1, 8, "\x01", {{266, TiffType::uint16, {2}}})),
              ElementsAre(1, 0, 0, 0, 0, 0, 0, 0));
  // BitsPerSample left out is 1.
  EXPECT_THAT(read_bytes<std::uint8_t>(tiff_bytes({plain_page(1, 8, "\x81", {{258}})}).bytes),
              ElementsAre(1, 0, 0, 0, 0, 0, 0, 1));
  // White is zero: within the bits that there are.
  EXPECT_THAT(read_bytes<std::uint8_t>(of_bits(4, 2, "\x7F", {{262, TiffType::uint16, {0}}})),
              ElementsAre(8, 0));
}

TEST_F(TiffGreyTest, WithoutPhotometricBlackIsZero) {
  const std::string bytes = tiff_bytes({plain_page(1, 4, "abcd", {{262}})}).bytes;
  EXPECT_THAT(read_bytes<std::uint8_t>(bytes), ElementsAre('a', 'b', 'c', 'd'));
  const auto image = open_section_image(tiff);
  EXPECT_TRUE(image->facts(image->pages().front()).without_photometric);
}

TEST_F(TiffGreyTest, ASecondSampleIsAChannelUnlessItIsSaidToBeOpacity) {
  const auto two = [](const std::vector<TiffField>& more) {
    auto fields = more;
    fields.push_back({277, TiffType::uint16, {2}});
    fields.push_back({258, TiffType::uint16, {8, 8}});
    return tiff_bytes({plain_page(1, 2, "aAbB", fields)}).bytes;
  };
  for (const auto& none : std::vector<std::vector<TiffField>>{{}, {{338, TiffType::uint16, {0}}}})
    expect_refused(two(none), "s.tif: has 2 channels; expected one, or --channel 1 to 2");
  for (const std::uint64_t opacity : {1U, 2U})
    EXPECT_THAT(read_bytes<std::uint8_t>(two({{338, TiffType::uint16, {opacity}}})), ElementsAre('a', 'b'));
  EXPECT_THAT(read_bytes<std::uint8_t>(two({}), {.sample = 1}), ElementsAre('A', 'B'));
  EXPECT_THAT(read_bytes<std::uint8_t>(two({{284, TiffType::uint16, {1}}}), {.sample = 0}),
              ElementsAre('a', 'b'));
  expect_refused(two({}), "has 2 channels, and not --channel 3; expected --channel 1 to 2", {.sample = 2});
  const auto rgb = grey_as_colour(counted_picture<std::uint8_t>(9, 20), 3);
  test::write_png(png, rgb, PNG_COLOR_TYPE_RGB);
  EXPECT_EQ(read<std::uint8_t>(png, 0, {.sample = 2}), counted_picture<std::uint8_t>(9, 20).values);
}

TEST_F(TiffGreyTest, PlanesOfTheirOwnAreChosenFrom) {
  auto page = plain_page(
      1, 3, "abc",
      {{277, TiffType::uint16, {2}}, {284, TiffType::uint16, {2}}, {258, TiffType::uint16, {8, 8}}});
  page.strips = {"abc", "ABC"};
  expect_refused(tiff_bytes({page}).bytes, "has 2 channels");
  EXPECT_THAT(read_bytes<std::uint8_t>(tiff_bytes({page}).bytes, {.sample = 1}), ElementsAre('A', 'B', 'C'));
}

TEST_F(TiffGreyTest, WhiteIsZeroCanBeKept) {
  const std::string bytes =
      tiff_bytes({plain_page(1, 2, std::string("\0\xff", 2), {{262, TiffType::uint16, {0}}})}).bytes;
  EXPECT_THAT(read_bytes<std::uint8_t>(bytes), ElementsAre(255, 0));
  EXPECT_THAT(read_bytes<std::uint8_t>(bytes, {.white_is_zero = WhiteIsZero::keep}), ElementsAre(0, 255));
  const auto real =
      plain_page(1, 1, std::string(4, '\0'),
                 {{262, TiffType::uint16, {0}}, {258, TiffType::uint16, {32}}, {339, TiffType::uint16, {3}}});
  expect_refused(tiff_bytes({real}).bytes,
                 "says that white is zero, of float32 values; expected --white-is-zero keep");
}

TEST_F(TiffGreyTest, APaletteOfGreysIsGreyAndOneOfColoursIsAskedAbout) {
  const auto with_map = [](const std::function<std::uint64_t(std::uint64_t, int)>& colour) {
    TiffField map{320, TiffType::uint16, {}};
    for (int c = 0; c < 3; ++c)
      for (std::uint64_t i = 0; i < 256; ++i) map.values.push_back(colour(i, c));
    return tiff_bytes({plain_page(1, 3, std::string("\0\1\2", 3), {{262, TiffType::uint16, {3}}, map})})
        .bytes;
  };
  for (const std::uint64_t scale : {257U, 256U, 1U})
    EXPECT_THAT(read_bytes<std::uint8_t>(with_map([&](std::uint64_t i, int) { return i * scale; })),
                ElementsAre(0, 1, 2))
        << scale;
  const auto colours = with_map([](std::uint64_t i, int c) { return i * 7919 * (c == 1 ? 2 : 1) % 65536; });
  const auto reversed = with_map([](std::uint64_t i, int) { return (255 - i) * 257; });
  for (const auto& bytes : {colours, reversed}) {
    expect_refused(bytes, "s.tif: has a palette of colours; expected grey values, or --palette indices");
    EXPECT_THAT(read_bytes<std::uint8_t>(bytes, {.palette = PaletteUse::indices}), ElementsAre(0, 1, 2));
  }
  const auto picture = counted_picture<std::uint8_t>(4, 4);
  test::write_png(png, picture, PNG_COLOR_TYPE_PALETTE);
  EXPECT_EQ(read<std::uint8_t>(png, 0, {.palette = PaletteUse::indices}), picture.values);
}

TEST_F(TiffGreyTest, OtherKindsOfValuesAreRefusedByName) {
  const auto of = [](std::uint64_t photometric, std::uint64_t samples, std::uint64_t bits,
                     std::uint64_t format) {
    std::vector<TiffField> fields{{262, TiffType::uint16, {photometric}},
                                  {277, TiffType::uint16, {samples}},
                                  {258, TiffType::uint16, {bits}},
                                  {339, TiffType::uint16, {format}}};
    return tiff_bytes({plain_page(1, 1, std::string(64, 'a'), fields)}).bytes;
  };
  expect_refused(of(1, 1, 16, 3), "has 16-bit floating-point values");
  expect_refused(of(1, 1, 24, 1), "has 24 bits per value");
  expect_refused(of(1, 1, 64, 6), "has complex numbers");
  expect_refused(of(1, 1, 8, 9), "unknown format 9");
  expect_refused(of(5, 4, 8, 1), "has colours of ink (CMYK)");
  expect_refused(of(6, 3, 8, 1), "has colours (YCbCr)");
  expect_refused(of(8, 3, 8, 1), "has colours (L*a*b*)");
  expect_refused(of(32803, 1, 8, 1), "colour filter");
  expect_refused(of(77, 1, 8, 1), "photometric interpretation 77");
  expect_refused(of(2, 2, 8, 1), "has 2 channels");
  test::write_tiff<std::uint8_t>(tiff, {counted_picture<std::uint8_t>(4, 4)},
                                 {.orientation = ORIENTATION_BOTLEFT});
  EXPECT_THAT([&] { read<std::uint8_t>(tiff); }, ThrowsMessage<InputError>(HasSubstr("orientation 4")));
}

}  // namespace
}  // namespace cleft
