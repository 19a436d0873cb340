#pragma once

#include <array>
#include <cassert>
#include <optional>
#include <string_view>

namespace cleft {

/// A value of an enum and its word.
template <class Enum>
struct EnumWord {
  Enum value;
  std::string_view word;
};

/// The words for all values of an enum, as configurations, files, recipes and messages have them. An enum
/// that has words specialises this beside its definition, and nothing else spells them:
/// \code
///   enum class Background { smoothed, raw };
///   template <>
///   struct EnumWords<Background> {
///     static constexpr auto list = std::to_array<EnumWord<Background>>(
///         {{Background::smoothed, "smoothed"}, {Background::raw, "raw"}});
///   };
/// \endcode
template <class Enum>
struct EnumWords;

template <class Enum>
concept HasWords = requires {
  EnumWords<Enum>::list;
};

/// The word for a value.
/// \pre `value` is an enumerator.
template <HasWords Enum>
constexpr std::string_view to_string(Enum value) {
  for (const auto& entry : EnumWords<Enum>::list)
    if (entry.value == value) return entry.word;
  assert(false);
  return {};
}

/// The value that a word stands for; nothing when it is none of the enum's words.
template <HasWords Enum>
constexpr std::optional<Enum> parse_enum(std::string_view word) {
  for (const auto& entry : EnumWords<Enum>::list)
    if (entry.word == word) return entry.value;
  return std::nullopt;
}

}  // namespace cleft
