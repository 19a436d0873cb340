#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/sections/section_image.hpp"
#include "support/temp_directory.hpp"
#include "support/write_images.hpp"

namespace cleft::test {

/// A file of sections that a test writes, or damages, and reads.
class SectionFile : public testing::Test {
 protected:
  template <class T>
  std::vector<T> read(const std::filesystem::path& path, std::size_t page = 0,
                      const GreyOptions& options = {}) {
    const auto image = open_section_image(path, options);
    const PageAt at = image->pages().at(page);
    std::vector<T> values(image->shape(at).bytes() / sizeof(T));
    image->read(at, std::as_writable_bytes(std::span(values)));
    return values;
  }
  template <class T>
  Picture<T> grey_as_colour(const Picture<T>& grey, int channels) {
    Picture<T> colour{grey.height, grey.width, channels, {}};
    for (const T value : grey.values)
      for (int c = 0; c < channels; ++c) colour.values.push_back(c == 3 ? T{77} : value);
    return colour;
  }
  void expect_refused(const std::string& bytes, const std::string& message, const GreyOptions& options = {}) {
    write_bytes(tiff, bytes);
    EXPECT_THAT([&] { read<std::uint8_t>(tiff, 0, options); },
                testing::ThrowsMessage<InputError>(testing::HasSubstr(message)));
  }
  template <class T>
  std::vector<T> read_bytes(const std::string& bytes, const GreyOptions& options = {}) {
    write_bytes(tiff, bytes);
    return read<T>(tiff, 0, options);
  }
  TempDirectory dir;
  std::filesystem::path tiff = dir / "s.tif", png = dir / "s.png";
};

}  // namespace cleft::test
