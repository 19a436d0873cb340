#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cleft {

/// Whether `a` comes before `b` when the numbers in names count as numbers: img2 before img10. A strict weak
/// order; names that differ only in leading zeros are ordered as text.
bool natural_less(std::string_view a, std::string_view b);

/// A number in a name.
struct NameNumber {
  std::size_t begin = 0, end = 0;  ///< where its digits are in the name
  char sign = 0;                   ///< '-' or '+' right before it, which may be a hyphen; 0: neither
};

/// A name as what counts and what does not.
struct NameParts {
  std::string text;                 ///< the name
  std::vector<NameNumber> numbers;  ///< in their order
  std::string kind;  ///< what is left without numbers and signs, in small letters: the same for one series
};

NameParts parts_of(std::string text);

/// What numbers at one place, or at several that belong together, count.
enum class CounterKind { number, decimal, date };

/// A number that all names of one kind have: what stands at one place of them, or a decimal fraction, a date
/// or a time of several places.
struct NameCounter {
  std::string label;  ///< the letters before it ("channel"), or "number 2"
  CounterKind kind = CounterKind::number;
  std::size_t first = 0, last = 0;   ///< its places among the names' numbers
  std::vector<std::int64_t> values;  ///< of each name; empty where they are too long to be known

  /// Whether the names differ in it; also where its values are not known.
  bool varies() const;
};

/// The counters of names of one kind. A '-' before a number is a sign only where it is not in all names.
/// \pre All names have the same kind.
std::vector<NameCounter> counters_of(const std::vector<NameParts>& names);

/// A pattern for the shell, such as "s*_c1.tif", that fits these names and none of the others.
/// \param counted  Counters whose values it leaves open; the others are as in the first name.
/// \returns        Empty when there is none.
std::string pattern_for(const std::vector<NameParts>& names, const std::vector<NameParts>& others,
                        const std::vector<const NameCounter*>& counted);

}  // namespace cleft
