#include "base/text/numbers.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <system_error>
#include <type_traits>

#include "base/narrow.hpp"

namespace cleft {

template <class T>
std::optional<T> take_number(std::string_view& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  if constexpr (std::is_floating_point_v<T>)
    if (!std::isfinite(value)) return std::nullopt;
  text.remove_prefix(to_size(end - text.data()));
  return value;
}

template <class T>
std::optional<T> number_from(std::string_view text) {
  const auto value = take_number<T>(text);
  return text.empty() ? value : std::nullopt;
}

bool has_comma_in_number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || comma == 0 || comma + 1 == text.size()) return false;
  if (!is_digit(text[comma - 1]) || !is_digit(text[comma + 1])) return false;
  std::string with_point(text);
  with_point[comma] = '.';
  return number_from<double>(with_point).has_value();
}

template std::optional<int> take_number(std::string_view&);
template std::optional<std::int64_t> take_number(std::string_view&);
template std::optional<std::uint64_t> take_number(std::string_view&);
template std::optional<double> take_number(std::string_view&);
template std::optional<int> number_from(std::string_view);
template std::optional<std::int64_t> number_from(std::string_view);
template std::optional<std::uint64_t> number_from(std::string_view);
template std::optional<double> number_from(std::string_view);

}  // namespace cleft
