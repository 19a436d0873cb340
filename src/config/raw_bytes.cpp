#include "config/raw_bytes.hpp"

#include <cstdint>
#include <iterator>

#include <utf8.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr std::uint32_t first_character = 0x10FE00, last_byte = 0xFF;

}  // namespace

std::string characters_for_bytes(std::string_view text) {
  std::string out;
  for (const auto* at = text.begin(); at != text.end();) {
    const auto* const bad = utf8::find_invalid(at, text.end());
    out.append(at, bad);
    at = bad;
    if (at == text.end()) break;
    utf8::append(static_cast<char32_t>(first_character + static_cast<unsigned char>(*at)),
                 std::back_inserter(out));
    ++at;
  }
  return out;
}

std::string bytes_for_characters(std::string_view text) {
  if (!utf8::is_valid(text.begin(), text.end())) return std::string(text);
  std::string out;
  for (const auto* at = text.begin(); at != text.end();) {
    const auto* const begin = at;
    const auto character = static_cast<std::uint32_t>(utf8::unchecked::next(at));
    if (character >= first_character && character <= first_character + last_byte)
      out += static_cast<char>(static_cast<unsigned char>(character - first_character));
    else
      out.append(begin, at);
  }
  return out;
}

}  // namespace cleft
