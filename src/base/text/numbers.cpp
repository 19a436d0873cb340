#include "base/text/numbers.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
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

template std::optional<int> take_number(std::string_view&);
template std::optional<std::int64_t> take_number(std::string_view&);
template std::optional<std::uint64_t> take_number(std::string_view&);
template std::optional<double> take_number(std::string_view&);
template std::optional<int> number_from(std::string_view);
template std::optional<std::int64_t> number_from(std::string_view);
template std::optional<std::uint64_t> number_from(std::string_view);
template std::optional<double> number_from(std::string_view);

}  // namespace cleft
