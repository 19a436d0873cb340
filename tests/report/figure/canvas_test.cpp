#include "report/figure/canvas.hpp"

#include <string>

#include <gtest/gtest.h>

#include "report/figure/glyphs.hpp"

namespace cleft {
namespace {

/// A canvas as lines of text: # where it has the colour.
std::string drawn(const Canvas& canvas, const Colour& colour) {
  std::string lines;
  for (std::int64_t y = 0; y < canvas.height(); ++y) {
    for (std::int64_t x = 0; x < canvas.width(); ++x) lines += canvas.at(x, y) == colour ? '#' : '.';
    lines += '\n';
  }
  return lines;
}

TEST(Canvas, writes_text) {
  Canvas canvas(12, 7);
  canvas.text(0, 0, "4l", black, 1);
  EXPECT_EQ(drawn(canvas, black),
            "...#...##...\n"
            "..##....#...\n"
            ".#.#....#...\n"
            "#..#....#...\n"
            "#####...#...\n"
            "...#....#...\n"
            "...#...###..\n");
}

TEST(Canvas, cuts_off_what_reaches_beyond_its_edge) {
  Canvas canvas(3, 2);
  canvas.text_on_picture(-2, -3, "88", orange, 3);
  canvas.fill(-5, 1, 100, 100, green);
  EXPECT_EQ(drawn(canvas, green), "...\n###\n");
}

TEST(Canvas, every_letter_of_a_caption_is_there) {
  for (const char letter : std::string("abcdefghijklmnopqrstuvwxyz0123456789 .,:-+/()ABCXYZ")) {
    EXPECT_NE(glyph_of(letter), glyph_of('\x01')) << letter;
    if (letter >= '0' && letter <= '9') {
      EXPECT_NE(glyph_of(letter), glyph_of('o')) << letter;
    }
  }
  EXPECT_EQ(text_width("nm"), 11);
}

TEST(Canvas, borders_are_inside_their_objects) {
  const std::vector<std::uint64_t> objects{1, 1, 1, 2, 2, 0,  //
                                           1, 1, 1, 2, 2, 0,  //
                                           1, 1, 1, 0, 0, 0};
  EXPECT_EQ(borders_of(objects, 6, 3, 1), (std::vector<std::uint8_t>{1, 1, 1, 1, 1, 0,  //
                                                                     1, 0, 1, 1, 1, 0,  //
                                                                     1, 1, 1, 0, 0, 0}));
  EXPECT_EQ(borders_of(objects, 6, 3, 2)[7], 1);
}

}  // namespace
}  // namespace cleft
