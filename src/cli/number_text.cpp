#include "cli/number_text.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/printable.hpp"
#include "base/text/numbers.hpp"

namespace cleft {
namespace {

/// \param expected  "a number >= 0"
template <class T, class Accept>
CLI::Validator number_check(std::string expected, Accept accept) {
  return {[expected = std::move(expected), accept](const std::string& text) {
            const auto value = number_from<T>(text);
            if (value && accept(*value)) return std::string();
            const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
            if (!value && digits && std::is_integral_v<T>)
              return fmt::format("{} is more than {}", in_quotes(text), std::numeric_limits<T>::max());
            return fmt::format("{} is not {}{}", in_quotes(text), expected,
                               has_comma_in_number(text) ? fmt::format(" ({})", comma_advice) : "");
          },
          ""};
}

}  // namespace

template <class T>
std::optional<std::vector<T>> numbers_in(std::string_view text, char separator) {
  std::vector<T> values;
  for (;;) {
    const std::size_t end = text.find(separator);
    const auto value = number_from<T>(text.substr(0, end));
    if (!value) return std::nullopt;
    values.push_back(*value);
    if (end == std::string_view::npos) return values;
    text.remove_prefix(end + 1);
  }
}

template std::optional<std::vector<double>> numbers_in(std::string_view, char);
template std::optional<std::vector<std::int64_t>> numbers_in(std::string_view, char);

std::string not_three_numbers(std::string_view text, bool whole) {
  const std::string kind = whole ? "whole numbers" : "numbers", example = whole ? "40,128,128" : "45,4.6,4.6";
  const auto given = numbers_in<double>(text, ',');
  if (given && given->size() > 3)
    return fmt::format("{} is {} numbers, not three {} z,y,x such as {} ({})", in_quotes(text), given->size(),
                       kind, example, comma_advice);
  return fmt::format("{} is not three {} z,y,x such as {}", in_quotes(text), kind, example);
}

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
            return known ? std::string()
                         : fmt::format("{} is none of {}", in_quotes(text), fmt::join(words, ", "));
          },
          ""};
}

}  // namespace cleft
