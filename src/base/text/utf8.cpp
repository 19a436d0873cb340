#include "base/text/utf8.hpp"

#include <cstddef>

namespace cleft {
namespace {

/// What follows a first byte: how many bytes, and the range of the next one.
struct Following {
  std::size_t count = 0;
  unsigned char lowest = 0x80, highest = 0xBF;
};

/// \returns false when no text has this byte first.
bool following(unsigned char first, Following& f) {
  if (first < 0x80) return true;
  if (first < 0xC2 || first > 0xF4) return false;
  f.count = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  if (first == 0xE0) f.lowest = 0xA0;   // else it has a shorter form
  if (first == 0xED) f.highest = 0x9F;  // else it is a surrogate
  if (first == 0xF0) f.lowest = 0x90;   // else it has a shorter form
  if (first == 0xF4) f.highest = 0x8F;  // else it is beyond U+10FFFF
  return true;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    Following f;
    if (!following(static_cast<unsigned char>(text[i]), f) || f.count >= text.size() - i) return false;
    for (std::size_t k = 1; k <= f.count; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if (byte < f.lowest || byte > f.highest) return false;
      f.lowest = 0x80;
      f.highest = 0xBF;
    }
    i += f.count + 1;
  }
  return true;
}

}  // namespace cleft
