#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace cleft {

// Letters for pictures, so that a picture needs no font of the machine that it is made on: five pixels wide,
// seven high, one pixel apart. There are digits, small letters and some signs; capitals are drawn as small
// letters, anything else as a box.

inline constexpr int glyph_width = 5, glyph_height = 7, glyph_step = 6;

/// A letter's rows from top to bottom; bit 4 of a row is its leftmost pixel.
using Glyph = std::array<std::uint8_t, glyph_height>;

const Glyph& glyph_of(char letter);

/// Pixels that a line of text is wide, without magnification.
constexpr std::int64_t text_width(std::string_view text) {
  return text.empty() ? 0 : static_cast<std::int64_t>(text.size()) * glyph_step - 1;
}

}  // namespace cleft
