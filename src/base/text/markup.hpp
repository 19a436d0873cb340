#pragma once

#include <string>
#include <string_view>

namespace cleft {

/// Text as it may stand in HTML and SVG, between tags and in quoted attributes: printable
/// (base/printable.hpp), and with & < > " and the apostrophe written as references. Everything that comes
/// from outside goes through it.
std::string escaped(std::string_view text);

}  // namespace cleft
