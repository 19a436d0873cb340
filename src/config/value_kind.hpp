#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "base/box.hpp"

namespace cleft {

/// Thrown while a value is read; the caller knows which key it was and in which line.
struct BadValue {
  std::string found;  ///< "'abc'"
};

/// How values of type T stand in YAML. What `show` writes, `parse` reads back to the same value.
template <class T>
struct ValueKind {
  std::string expected;  ///< "a whole number >= 1": for messages and for the comments of `config --show`
  /// \throws BadValue. Relative paths are relative to `directory`.
  std::function<T(const YAML::Node& node, const std::filesystem::path& directory)> parse;
  std::function<std::string(const T&)> show;  ///< in YAML's flow style, on one line
};

/// What stands in a node, for messages: "'abc'", "a list of 2", "a map", "nothing".
std::string describe(const YAML::Node& node);
/// A scalar's text.
/// \throws BadValue when the node is a list, a map or empty.
std::string scalar_text(const YAML::Node& node);
/// `text` with YAML's quotes where it needs them, also inside a list.
std::string quoted(const std::string& text);

ValueKind<std::string> any_text();
ValueKind<std::filesystem::path> any_path();
ValueKind<bool> true_or_false();
/// The order of a dataset's axes, see is_axis_order: "zyxc".
ValueKind<std::string> axis_order();
/// Inclusive bounds. T: int, std::int64_t or std::uint64_t.
template <class T>
ValueKind<T> whole_number(T min, T max = std::numeric_limits<T>::max());
/// Finite and >= 0, or > 0.
ValueKind<double> number_at_least_zero();
ValueKind<double> number_above_zero();
/// "4GiB" (2^30), "4GB" (10^9), "256MiB", "1.5GiB" or plain bytes; 1 MiB to 2^60.
ValueKind<std::int64_t> memory_size();

/// One of a few words, each standing for a value.
template <class T>
ValueKind<T> one_of(std::vector<std::pair<std::string, T>> words);
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
