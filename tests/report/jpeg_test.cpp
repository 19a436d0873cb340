#include "report/jpeg.hpp"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>
#include <jpeglib.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

struct Picture {
  std::int64_t width = 0, height = 0;
  int components = 0;
  std::vector<std::uint8_t> pixels;
};

/// The library's own way back.
Picture unpacked(const std::string& bytes) {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr error{};
  jpeg.err = jpeg_std_error(&error);
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&jpeg, TRUE);
  jpeg_start_decompress(&jpeg);
  Picture picture{jpeg.output_width, jpeg.output_height, jpeg.output_components, {}};
  picture.pixels.resize(to_size(picture.width * picture.height * picture.components));
  while (jpeg.output_scanline < jpeg.output_height) {
    auto* row = picture.pixels.data() + to_size(jpeg.output_scanline * picture.width * picture.components);
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return picture;
}

TEST(Jpeg, shows_what_was_packed) {
  std::vector<std::uint8_t> grey;
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 50; ++x) grey.push_back(narrow<std::uint8_t>(2 * x + 3 * y));
  const Picture picture = unpacked(jpeg_bytes(grey, 50, 40, Colours::grey, 95));
  EXPECT_EQ(picture.width, 50);
  EXPECT_EQ(picture.height, 40);
  EXPECT_EQ(picture.components, 1);
  for (std::size_t i = 0; i < grey.size(); ++i) ASSERT_NEAR(picture.pixels[i], grey[i], 4) << i;
}

TEST(Jpeg, has_colours) {
  std::vector<std::uint8_t> rgb;
  for (int i = 0; i < 64 * 64; ++i) rgb.insert(rgb.end(), {230, 159, 0});
  const Picture picture = unpacked(jpeg_bytes(rgb, 64, 64, Colours::rgb, 90));
  EXPECT_EQ(picture.components, 3);
  EXPECT_NEAR(picture.pixels[0], 230, 3);
  EXPECT_NEAR(picture.pixels[1], 159, 3);
  EXPECT_NEAR(picture.pixels[2], 0, 3);
}

TEST(Jpeg, is_smaller_with_less_quality) {
  std::vector<std::uint8_t> noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 64 * 64; ++i)
    noise.push_back(narrow<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24U));
  EXPECT_LT(jpeg_bytes(noise, 64, 64, Colours::grey, 20).size(),
            jpeg_bytes(noise, 64, 64, Colours::grey, 90).size());
}

TEST(Jpeg, refuses_what_the_format_cannot_hold) {
  EXPECT_THROW(jpeg_bytes(std::vector<std::uint8_t>(70000), 70000, 1, Colours::grey, 85), InternalError);
}

}  // namespace
}  // namespace cleft
