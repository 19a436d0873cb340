#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cleft {

/// How many single-character insertions, deletions, substitutions and swaps of neighbours turn `a` into `b`,
/// no character being edited twice (the optimal string alignment distance).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// What a mistyped word was probably meant to be: the known word at the smallest edit distance, the first of
/// several.
/// \pre `known` is not empty.
const std::string& nearest(std::string_view word, std::span<const std::string> known);

}  // namespace cleft
