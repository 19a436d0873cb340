#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "base/box.hpp"
#include "base/enum_words.hpp"

namespace cleft {

/// Thrown when a value cannot be read. Whoever catches it knows the key and the line, and makes a
/// ConfigError.
struct BadValue {
  std::string found;  ///< what was found instead of a value: "'abc'"
};

/// How values of type T are written in YAML. `parse` reads back what `show` writes, to the same value.
template <class T>
struct ValueKind {
  std::string expected;  ///< "a whole number >= 1": for messages and for the comments of `config --show`
  /// Reads a value. Relative paths start at `directory`.
  /// \throws BadValue
  std::function<T(const YAML::Node& node, const std::filesystem::path& directory)> parse;
  std::function<std::string(const T&)> show;  ///< in YAML's flow style, on one line
};

/// What a node holds, for messages: "'abc'", "a list of 2", "a map", "no value".
std::string describe(const YAML::Node& node);
/// The same of a list of a wrong number of numbers; more than three whole ones may be fewer with decimal
/// commas, which the text then tells of.
std::string describe_count(const YAML::Node& node);
/// The text of a scalar node.
/// \throws BadValue when the node is a list, a map or empty.
std::string scalar_text(const YAML::Node& node);
/// `text` in quotes if YAML needs them, also within a list.
std::string quoted(const std::string& text);

// The kinds of values that keys have.

/// Any text in UTF-8 but the empty one, of at most 1000 bytes.
ValueKind<std::string> any_text();
/// A path, made absolute: ~ at its beginning is the home directory, $NAME and ${NAME} are variables of the
/// environment, which must be set, $$ is $.
ValueKind<std::filesystem::path> any_path();
/// true or false, also as yes, no, on and off, in capitals or not; shown as true or false.
ValueKind<bool> true_or_false();
/// The order of a dataset's axes, see is_axis_order: "zyxc".
ValueKind<std::string> axis_order();
/// An integer within inclusive bounds. T: int, std::int64_t or std::uint64_t.
template <class T>
ValueKind<T> whole_number(T min, T max = std::numeric_limits<T>::max());
/// A finite number >= 0, or > 0.
ValueKind<double> number_at_least_zero();
ValueKind<double> number_above_zero();
/// A number within inclusive bounds.
ValueKind<double> number_within(double min, double max);
/// A number of bytes from 1 MiB to 2^60: "4GiB" (4 · 2^30), "4GB" (4 · 10^9), "1.5GiB" or without a unit.
ValueKind<std::int64_t> memory_size();

/// One of a few words, each of which stands for a value.
template <class T>
ValueKind<T> one_of(std::vector<std::pair<std::string, T>> words);
/// One of an enum's words.
template <HasWords Enum>
ValueKind<Enum> one_of();
/// One of some of an enum's words.
template <HasWords Enum>
ValueKind<Enum> one_of_these(std::initializer_list<Enum> values);
/// `[z, y, x]`, each of the kind `element`.
template <class T>
ValueKind<PerAxis<T>> per_axis(ValueKind<T> element);
/// As per_axis, or one value for all three.
template <class T>
ValueKind<PerAxis<T>> one_or_per_axis(ValueKind<T> element);
/// `[a, b, ...]`, possibly empty.
template <class T>
ValueKind<std::vector<T>> list_of(ValueKind<T> element);

}  // namespace cleft

#include "config/value_kind_impl.hpp"  // IWYU pragma: export
