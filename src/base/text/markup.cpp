#include "base/text/markup.hpp"

#include "base/printable.hpp"

namespace cleft {

std::string escaped(std::string_view text) {
  constexpr std::size_t any_length = 1U << 20U;
  std::string out;
  for (const char c : printable(text, any_length)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace cleft
