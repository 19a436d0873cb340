#pragma once

#include <cassert>
#include <concepts>
#include <cstddef>
#include <type_traits>

namespace cleft {

/// An integer as another arithmetic type that is known to hold its value exactly. Checked by an assertion:
/// presets dev and asan stop where a value would change, release computes the plain conversion.
///
/// Where a conversion is meant to change the value (hashes that wrap around, roundings), write static_cast.
/// \tparam To  An integer or floating-point type.
/// \pre        `value` is a value of To.
template <class To, std::integral From>
requires std::is_arithmetic_v<To>
constexpr To narrow(From value) {
  const auto result = static_cast<To>(value);
  assert(static_cast<From>(result) == value && (result < To{}) == (value < From{}));
  return result;
}

/// A number of elements, or a position among them, as the standard library's containers take it.
/// \pre count >= 0
template <std::integral From>
constexpr std::size_t to_size(From count) {
  return narrow<std::size_t>(count);
}

}  // namespace cleft
