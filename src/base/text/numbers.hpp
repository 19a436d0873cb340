#pragma once

#include <optional>
#include <string_view>

namespace cleft {

// Numbers as people and programs write them: "12", "-3", "4.6", "1e-3"; no sign +, no blanks, the same in
// every locale. T is int, std::int64_t, std::uint64_t or double.

/// The number that the whole text is.
/// \returns Nothing when it is not one, does not fit T or is not finite.
template <class T>
std::optional<T> number_from(std::string_view text);

/// The number that a text begins with, which is taken off its front.
/// \returns Nothing when it begins otherwise, or with a number that does not fit T or is not finite; `text`
///          then stays what it is.
template <class T>
std::optional<T> take_number(std::string_view& text);

/// Whether a text is a number but for one comma between two digits: "4,6" as half the world writes 4.6, or
/// "1,000". It is not taken for either; a message says so with comma_advice.
bool has_comma_in_number(std::string_view text);

inline constexpr std::string_view comma_advice = "numbers are written 4.6 or 1000, without a comma";

}  // namespace cleft
