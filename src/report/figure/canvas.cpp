#include "report/figure/canvas.hpp"

#include <algorithm>

#include "base/narrow.hpp"
#include "report/figure/glyphs.hpp"

namespace cleft {

Canvas::Canvas(std::int64_t width, std::int64_t height, const Colour& background)
    : width_(width), height_(height), pixels_(to_size(3 * width * height)) {
  fill(0, 0, width, height, background);
}

Colour Canvas::at(std::int64_t x, std::int64_t y) const {
  const auto* const pixel = pixels_.data() + 3 * (y * width_ + x);
  return {pixel[0], pixel[1], pixel[2]};
}

void Canvas::set(std::int64_t x, std::int64_t y, const Colour& colour) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  std::copy(colour.begin(), colour.end(), pixels_.begin() + 3 * (y * width_ + x));
}

void Canvas::fill(std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height,
                  const Colour& colour) {
  for (std::int64_t row = y; row < y + height; ++row)
    for (std::int64_t column = x; column < x + width; ++column) set(column, row, colour);
}

void Canvas::put_grey(std::span<const std::uint8_t> grey, std::int64_t width, std::int64_t height) {
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const std::uint8_t value = grey[to_size(y * width + x)];
      set(x, y, {value, value, value});
    }
}

void Canvas::text(std::int64_t x, std::int64_t y, std::string_view line, const Colour& colour, int magnify) {
  for (const char letter : line) {
    const Glyph& glyph = glyph_of(letter);
    for (int row = 0; row < glyph_height; ++row)
      for (int column = 0; column < glyph_width; ++column)
        if ((glyph.at(to_size(row)) >> (glyph_width - 1 - column) & 1U) != 0)
          fill(x + std::int64_t{column} * magnify, y + std::int64_t{row} * magnify, magnify, magnify, colour);
    x += std::int64_t{glyph_step} * magnify;
  }
}

void Canvas::text_on_picture(std::int64_t x, std::int64_t y, std::string_view line, const Colour& colour,
                             int magnify) {
  for (const std::int64_t dy : {-2, -1, 0, 1, 2})
    for (const std::int64_t dx : {-2, -1, 0, 1, 2}) text(x + dx, y + dy, line, black, magnify);
  text(x, y, line, colour, magnify);
}

std::vector<std::uint8_t> borders_of(std::span<const std::uint64_t> objects, std::int64_t width,
                                     std::int64_t height, std::int64_t thickness) {
  std::vector<std::uint8_t> borders(objects.size());
  const auto at = [&](std::int64_t x, std::int64_t y) {
    return x < 0 || y < 0 || x >= width || y >= height ? std::uint64_t{0} : objects[to_size(y * width + x)];
  };
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const std::uint64_t mine = at(x, y);
      if (mine == 0) continue;
      bool is_border = false;
      for (std::int64_t step = 1; step <= thickness && !is_border; ++step)
        is_border = at(x - step, y) != mine || at(x + step, y) != mine || at(x, y - step) != mine ||
                    at(x, y + step) != mine;
      borders[to_size(y * width + x)] = is_border ? 1 : 0;
    }
  return borders;
}

}  // namespace cleft
