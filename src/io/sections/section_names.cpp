#include "io/sections/section_names.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// The digits or the other characters that `text` begins with.
/// \pre Not empty.
std::string_view first_part(std::string_view text) {
  const bool digits = is_digit(text.front());
  const auto* const end =
      std::find_if(text.begin(), text.end(), [&](char c) { return is_digit(c) != digits; });
  return text.substr(0, to_size(end - text.begin()));
}

std::string_view without_leading_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

/// -1, 0 or 1; numbers of any length.
int compare_parts(std::string_view a, std::string_view b) {
  if (is_digit(a.front()) && is_digit(b.front())) {
    a = without_leading_zeros(a);
    b = without_leading_zeros(b);
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  }
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::vector<std::string_view> parts_of(std::string_view name) {
  std::vector<std::string_view> parts;
  for (; !name.empty(); name.remove_prefix(parts.back().size())) parts.push_back(first_part(name));
  return parts;
}

using Names = std::vector<std::vector<std::string_view>>;

/// The part in which the names differ, if it is one only and a number in all of them.
std::optional<std::size_t> counting_part(const Names& names) {
  std::optional<std::size_t> counting;
  for (const auto& parts : names) {
    if (parts.size() != names.front().size()) return std::nullopt;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] == names.front()[i]) continue;
      if (counting && *counting != i) return std::nullopt;
      if (!is_digit(parts[i].front()) || !is_digit(names.front()[i].front())) return std::nullopt;
      counting = i;
    }
  }
  return counting;
}

std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return result.ec == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::string_view rest_a = a, rest_b = b;
  while (!rest_a.empty() && !rest_b.empty()) {
    const std::string_view part_a = first_part(rest_a), part_b = first_part(rest_b);
    if (const int order = compare_parts(part_a, part_b); order != 0) return order < 0;
    rest_a.remove_prefix(part_a.size());
    rest_b.remove_prefix(part_b.size());
  }
  if (rest_a.empty() != rest_b.empty()) return rest_a.empty();
  return a < b;
}

void check_numbering(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> texts;
  for (const auto& file : files) texts.push_back(file.filename().string());
  Names names;
  for (const std::string& text : texts) names.push_back(parts_of(text));
  const auto counting = names.empty() ? std::nullopt : counting_part(names);
  if (!counting) return;
  std::vector<std::int64_t> numbers;
  for (const auto& parts : names) {
    const auto value = number(parts[*counting]);
    if (!value) return;
    numbers.push_back(*value);
  }
  std::int64_t step = numbers[1] - numbers[0];
  for (std::size_t i = 1; i < numbers.size(); ++i) step = std::min(step, numbers[i] - numbers[i - 1]);
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    const std::int64_t difference = numbers[i] - numbers[i - 1];
    if (difference == 0)
      throw InputError(
          {files[i].string(), "has the same number as " + texts[i - 1], "one file for each section"});
    if (step > 0 && difference != step)
      throw InputError({files[i - 1].string(), "is followed by " + texts[i],
                        fmt::format("number {}: a section is missing", numbers[i - 1] + step)});
  }
}

}  // namespace cleft
