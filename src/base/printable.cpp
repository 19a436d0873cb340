#include "base/printable.hpp"

#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <utf8.h>

namespace cleft {
namespace {

/// Marks of Unicode that are not seen and change how their neighbours are: those that separate lines, and
/// those that set the direction of writing.
bool is_invisible(char32_t point) {
  return (point >= 0x80 && point < 0xa0) || point == 0x61c || point == 0x200e || point == 0x200f ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/// One character of the text as it is shown.
std::string shown(char32_t point, std::string_view bytes) {
  if (point == U'\n') return " ";
  if (point == U'\r') return "\\r";
  if (point == U'\t') return "\\t";
  if (point == 0) return "\\0";
  if (point < 0x20 || point == 0x7f) return fmt::format("\\x{:02x}", static_cast<std::uint32_t>(point));
  if (is_invisible(point)) return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point));
  return std::string(bytes);
}

/// The text's characters as they are shown, in order.
std::vector<std::string> shown_characters(std::string_view text) {
  std::vector<std::string> characters;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    const char* const begin = at;
    try {
      const char32_t point = utf8::next(at, text.data() + text.size());
      characters.push_back(shown(point, {begin, at}));
    } catch (const utf8::exception&) {
      at = begin + 1;
      characters.push_back(fmt::format("\\x{:02x}", static_cast<unsigned char>(*begin)));
    }
  }
  return characters;
}

bool is_plain(std::string_view text) {
  for (const char c : text)
    if (c < 0x20 || c == 0x7f) return false;  // char may be signed: all that is not ASCII is not plain either
  return true;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_characters) {
  if (text.size() <= max_characters && is_plain(text)) return std::string(text);
  // Of a long text only its ends are looked at closely: a character has at most four bytes.
  const std::size_t tail = max_characters / 3, head = max_characters - tail;
  std::string_view begin = text, end;
  if (text.size() > 8 * max_characters) {
    begin = text.substr(0, 4 * max_characters);
    end = text.substr(text.size() - 4 * max_characters);
  }
  const auto first = shown_characters(begin), last = shown_characters(end);
  std::string line;
  const auto append = [&](const std::vector<std::string>& characters, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) line += characters[i];
  };
  if (end.empty() && first.size() <= max_characters) {
    append(first, 0, first.size());
    return line;
  }
  const auto& closing = end.empty() ? first : last;
  append(first, 0, head);
  line += fmt::format("[... {} bytes in all ...]", text.size());
  append(closing, closing.size() - tail, closing.size());
  return line;
}

std::string in_quotes(std::string_view value) {
  constexpr std::size_t enough = 100;
  return fmt::format("'{}'", printable(value, enough));
}

}  // namespace cleft
