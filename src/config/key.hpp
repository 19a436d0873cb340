#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "config/config.hpp"
#include "config/value_kind.hpp"

namespace cleft {

/// The first stage of a run whose result a key can change.
enum class Affects {
  nothing,  ///< no result: only the time and memory that a run takes
  segment,  ///< the synapses, but not the stored probability
  predict,  ///< the stored probability, also by way of training
  content,  ///< by the content of the file that it names: results know that, wherever the file is
};

/// Everything about one key of the configuration. Reading, `config --show`, run.yaml, `--set` and the
/// comparison of configurations all use it.
struct Key {
  std::string name;      ///< with dots: "threshold.core_ratio"
  std::string meaning;   ///< what it is, with its unit
  std::string expected;  ///< which values it takes
  Affects affects;
  std::string instead_of;  ///< the key that sets the same in another way, if any; giving both is an error
  /// Reads the value from `node` into the Config. Relative paths start at `directory`.
  /// \throws BadValue
  std::function<void(Config&, const YAML::Node&, const std::filesystem::path& directory)> parse;
  /// The value as YAML on one line; nothing when there is none.
  std::function<std::optional<std::string>(const Config&)> show;
};

/// The key of several labelled volumes. It has the name of the section that it stands for.
inline constexpr auto labels_list = "labels";

/// Every key, in the order in which `config --show` prints them: keys of a section stand together.
std::span<const Key> keys();

namespace detail {
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
}  // namespace detail

/// A key whose value is one field of the Config: a T, or an optional<T> that is empty until the key is given.
///
/// \param field  Returns a reference to the field of the Config (const or not) it is called with.
template <class Field, class T>
Key field_key(std::string name, Affects affects, Field field, ValueKind<T> kind, std::string meaning) {
  using Stored = std::remove_cvref_t<std::invoke_result_t<Field, Config&>>;
  Key key{std::move(name), std::move(meaning), kind.expected, affects, "", {}, {}};
  key.parse = [field, kind](Config& config, const YAML::Node& node, const std::filesystem::path& directory) {
    field(config) = kind.parse(node, directory);
  };
  key.show = [field, kind](const Config& config) -> std::optional<std::string> {
    const auto& value = field(config);
    if constexpr (detail::IsOptional<Stored>::value) {
      return value ? std::optional(kind.show(*value)) : std::nullopt;
    } else {
      return kind.show(value);
    }
  };
  return key;
}

/// Makes `key` an alternative to the key `other`, whose field is optional: reading `key` clears the other's
/// field, and while that has a value `key` shows none.
/// \param other_field  Returns a reference to the field of `other`, as `field` of field_key does.
template <class OtherField>
Key instead_of(Key key, std::string other, OtherField other_field) {
  key.instead_of = std::move(other);
  key.parse = [other_field, parse = key.parse](Config& config, const YAML::Node& node,
                                               const std::filesystem::path& directory) {
    parse(config, node, directory);
    other_field(config).reset();
  };
  key.show = [other_field, show = key.show](const Config& config) {
    return other_field(config) ? std::nullopt : show(config);
  };
  return key;
}

}  // namespace cleft
