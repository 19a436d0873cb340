#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cleft {

/// Red, green, blue.
using Colour = std::array<std::uint8_t, 3>;

// Told apart with any colour vision (Okabe and Ito 2008).
inline constexpr Colour orange{230, 159, 0}, sky_blue{86, 180, 233}, green{0, 158, 115},
    vermilion{213, 94, 0}, white{255, 255, 255}, black{0, 0, 0};

/// A picture to draw on. What reaches beyond its edge is cut off.
class Canvas {
 public:
  Canvas(std::int64_t width, std::int64_t height, const Colour& background = white);

  std::int64_t width() const { return width_; }
  std::int64_t height() const { return height_; }
  /// height x width pixels of three bytes.
  std::span<const std::uint8_t> pixels() const { return pixels_; }
  Colour at(std::int64_t x, std::int64_t y) const;

  void set(std::int64_t x, std::int64_t y, const Colour& colour);
  void fill(std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height, const Colour& colour);
  /// Grey values, row by row, with their first pixel in the picture's corner.
  void put_grey(std::span<const std::uint8_t> grey, std::int64_t width, std::int64_t height);
  /// A line of text (glyphs.hpp); x, y is its upper left corner.
  /// \param magnify  Pixels of the picture for each pixel of a letter.
  void text(std::int64_t x, std::int64_t y, std::string_view line, const Colour& colour, int magnify = 2);
  /// The same with a dark border, to be read on any grey.
  void text_on_picture(std::int64_t x, std::int64_t y, std::string_view line, const Colour& colour,
                       int magnify = 2);

 private:
  std::int64_t width_, height_;
  std::vector<std::uint8_t> pixels_;
};

/// The pixels of the inner borders of objects: those that have another object, or none, within `thickness`
/// pixels along their row or their column.
/// \param objects  height x width, 0 is none.
/// \returns        height x width, 1 where it is one.
std::vector<std::uint8_t> borders_of(std::span<const std::uint64_t> objects, std::int64_t width,
                                     std::int64_t height, std::int64_t thickness);

}  // namespace cleft
