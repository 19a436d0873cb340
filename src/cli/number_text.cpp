#include "cli/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The one number that the whole text is.
template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(static_cast<double>(value)) ? std::optional(value) : std::nullopt;
}

/// \param expected  "a number >= 0"
template <class T, class Accept>
CLI::Validator number_check(std::string expected, Accept accept) {
  return {[expected = std::move(expected), accept](const std::string& text) {
            const auto value = number<T>(text);
            return value && accept(*value) ? std::string() : fmt::format("'{}' is not {}", text, expected);
          },
          ""};
}

}  // namespace

template <class T>
std::optional<std::vector<T>> numbers_in(std::string_view text, char separator) {
  std::vector<T> values;
  for (;;) {
    const std::size_t end = text.find(separator);
    const auto value = number<T>(text.substr(0, end));
    if (!value) return std::nullopt;
    values.push_back(*value);
    if (end == std::string_view::npos) return values;
    text.remove_prefix(end + 1);
  }
}

template std::optional<std::vector<double>> numbers_in(std::string_view, char);
template std::optional<std::vector<std::int64_t>> numbers_in(std::string_view, char);

CLI::Validator a_number_at_least_zero() {
  return number_check<double>("a number >= 0", [](double v) { return v >= 0; });
}

CLI::Validator a_fraction_above_zero() {
  return number_check<double>("a number above 0 and at most 1", [](double v) { return v > 0 && v <= 1; });
}

CLI::Validator a_whole_number_at_least(std::int64_t least) {
  return number_check<std::int64_t>(fmt::format("a whole number >= {}", least),
                                    [least](std::int64_t v) { return v >= least; });
}

CLI::Validator one_of_the_words(const std::vector<std::string>& words) {
  return {[words](const std::string& text) {
            const bool known = std::find(words.begin(), words.end(), text) != words.end();
            return known ? std::string() : fmt::format("'{}' is none of {}", text, fmt::join(words, ", "));
          },
          ""};
}

}  // namespace cleft
