#pragma once

// The templates of value_kind.hpp.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/value_kind.hpp"

namespace cleft {

template <class T>
ValueKind<T> one_of(std::vector<std::pair<std::string, T>> words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) names.push_back(name);
  return {fmt::format("{}", fmt::join(names, " or ")),
          [words](const YAML::Node& node, const std::filesystem::path&) {
            const std::string text = scalar_text(node);
            for (const auto& [name, value] : words)
              if (name == text) return value;
            throw BadValue{describe(node)};
          },
          [words](const T& wanted) {
            for (const auto& [name, value] : words)
              if (value == wanted) return name;
            return std::string();
          }};
}

template <HasWords Enum>
ValueKind<Enum> one_of() {
  std::vector<std::pair<std::string, Enum>> words;
  for (const auto& entry : EnumWords<Enum>::list) words.emplace_back(entry.word, entry.value);
  return one_of(std::move(words));
}

template <HasWords Enum>
ValueKind<Enum> one_of_these(std::initializer_list<Enum> values) {
  std::vector<std::pair<std::string, Enum>> words;
  for (const Enum value : values) words.emplace_back(to_string(value), value);
  return one_of(std::move(words));
}

template <class T>
ValueKind<PerAxis<T>> per_axis(ValueKind<T> element) {
  return {fmt::format("[z, y, x], each {}", element.expected),
          [element](const YAML::Node& node, const std::filesystem::path& directory) {
            if (!node.IsSequence() || node.size() != 3) throw BadValue{describe_count(node)};
            return PerAxis<T>{element.parse(node[0], directory), element.parse(node[1], directory),
                              element.parse(node[2], directory)};
          },
          [element](const PerAxis<T>& v) {
            return fmt::format("[{}, {}, {}]", element.show(v.z), element.show(v.y), element.show(v.x));
          }};
}

template <class T>
ValueKind<PerAxis<T>> one_or_per_axis(ValueKind<T> element) {
  const auto three = per_axis(element);
  return {fmt::format("{}; or [z, y, x] of such", element.expected),
          [element, three](const YAML::Node& node, const std::filesystem::path& directory) {
            if (node.IsSequence()) return three.parse(node, directory);
            const T all = element.parse(node, directory);
            return PerAxis<T>{all, all, all};
          },
          [element, three](const PerAxis<T>& v) {
            return v.z == v.y && v.y == v.x ? element.show(v.z) : three.show(v);
          }};
}

template <class T>
ValueKind<std::vector<T>> list_of(ValueKind<T> element) {
  return {fmt::format("a list [a, b, ...], each {}", element.expected),
          [element](const YAML::Node& node, const std::filesystem::path& directory) {
            if (!node.IsSequence()) throw BadValue{describe(node)};
            std::vector<T> values;
            for (const YAML::Node& item : node) values.push_back(element.parse(item, directory));
            return values;
          },
          [element](const std::vector<T>& values) {
            std::vector<std::string> items;
            for (const T& value : values) items.push_back(element.show(value));
            return fmt::format("[{}]", fmt::join(items, ", "));
          }};
}

}  // namespace cleft
