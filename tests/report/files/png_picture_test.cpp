#include "report/files/png_picture.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <png.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

TEST(PngPicture, is_read_back_as_it_was) {
  const test::TempDirectory directory;
  const auto file = directory / "a.png";
  std::vector<std::uint8_t> rgb;
  for (int i = 0; i < 7 * 5 * 3; ++i) rgb.push_back(static_cast<std::uint8_t>(i * 11));
  write_png(file, rgb, 7, 5);
  EXPECT_TRUE(begins_as_png(file));
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  ASSERT_NE(png_image_begin_read_from_file(&image, file.c_str()), 0);
  EXPECT_EQ(image.width, 7U);
  EXPECT_EQ(image.height, 5U);
  image.format = PNG_FORMAT_RGB;
  std::vector<std::uint8_t> read(PNG_IMAGE_SIZE(image));
  ASSERT_NE(png_image_finish_read(&image, nullptr, read.data(), 0, nullptr), 0);
  EXPECT_EQ(read, rgb);
}

TEST(PngPicture, tells_others_apart) {
  const test::TempDirectory directory;
  test::write_bytes(directory / "text", "PNG is what this is not");
  test::write_bytes(directory / "empty", "");
  EXPECT_FALSE(begins_as_png(directory / "text"));
  EXPECT_FALSE(begins_as_png(directory / "empty"));
  EXPECT_THROW(write_png(directory / "nowhere/a.png", std::vector<std::uint8_t>(3), 1, 1), IoError);
}

}  // namespace
}  // namespace cleft
