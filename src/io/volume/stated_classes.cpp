#include "io/volume/stated_classes.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/numbers.hpp"

namespace cleft {
namespace {

constexpr auto attribute = "classes";

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string_view::npos;
       text.remove_prefix(std::min(end + 1, text.size()))) {
    end = text.find(',');
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) break;
  }
  return parts;
}

/// The names behind the numbers 1, 2, 3, ..., of "1=membrane"; what 0 is called does not matter.
/// \returns Nothing where a part is not of this form, or numbers are missing.
std::optional<std::vector<std::string>> numbered(const std::vector<std::string>& parts) {
  std::vector<std::pair<std::int64_t, std::string>> named;
  for (const std::string& part : parts) {
    const std::size_t at = part.find_first_of("=:");
    if (at == std::string::npos) return std::nullopt;
    const auto number = number_from<std::int64_t>(trimmed(std::string_view(part).substr(0, at)));
    if (!number || *number < 0) return std::nullopt;
    if (*number > 0) named.emplace_back(*number, trimmed(std::string_view(part).substr(at + 1)));
  }
  std::sort(named.begin(), named.end());
  std::vector<std::string> names;
  for (const auto& [number, name] : named) {
    if (number != narrow<std::int64_t>(names.size()) + 1) return std::nullopt;
    names.push_back(name);
  }
  return names;
}

/// The names in one text; nothing where it is prose.
std::optional<std::vector<std::string>> names_in(const std::string& text) {
  const auto parts = parts_of(text);
  if (auto names = numbered(parts)) return names;
  const bool are_words = std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return !part.empty() && part.find_first_of(" \t\n=:") == std::string::npos;
  });
  return are_words ? std::optional(parts) : std::nullopt;
}

}  // namespace

std::vector<std::string> stated_classes(const VolumeReader& labels) {
  std::vector<std::string> texts;
  try {
    texts = labels.source().texts(attribute);
  } catch (const InputError&) {  // numbers
    log::warning("{}: its attribute {} is no list of names; it is not looked at", to_string(labels.path()),
                 attribute);
    return {};
  }
  if (texts.size() != 1) return texts;
  if (auto names = names_in(texts.front())) return *names;
  log::warning("{}: its attribute {} is {}, which is no list of names; it is not looked at",
               to_string(labels.path()), attribute, in_quotes(texts.front()));
  return {};
}

void check_stated_classes(const VolumeReader& labels, const std::vector<std::string>& classes) {
  const auto stated = stated_classes(labels);
  if (stated.empty() || stated == classes) return;
  throw InputError(
      {to_string(labels.path()),
       fmt::format("has labels of the classes {} (its attribute {})", fmt::join(stated, ", "), attribute),
       fmt::format("{}, the classes to train; or classes: [{}], or a file without that attribute",
                   fmt::join(classes, ", "), fmt::join(stated, ", "))});
}

}  // namespace cleft
