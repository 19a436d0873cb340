#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cleft {

/// A text from outside (a file, a configuration, a library) as it may be shown on a terminal and in a log:
/// UTF-8 on one line, without anything that steers a terminal or turns the order of what is read. Line breaks
/// become spaces; other control characters, bytes that are not UTF-8 and marks that change the direction of
/// writing are shown as "\r", "\0", "\x1b" or "\u202e". What is printable already is returned as it is, so
/// that a second pass changes nothing.
///
/// \param max_characters  A longer text loses its middle: "abc[... 30000 bytes in all ...]xyz". At least 2.
std::string printable(std::string_view text, std::size_t max_characters = 1000);

/// A value as a message quotes it: 'abc', printable and cut to some 100 characters.
std::string in_quotes(std::string_view value);

}  // namespace cleft
