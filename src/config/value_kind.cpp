#include "config/value_kind.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The number that the whole text is; nothing when it is not one or does not fit T.
template <class T>
std::optional<T> number_from(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct MemoryUnit {
  std::string_view name;
  double bytes;
};
// Binary units first, so that `show` prefers them.
constexpr std::array<MemoryUnit, 8> memory_units{{{"TiB", 0x1p40},
                                                  {"GiB", 0x1p30},
                                                  {"MiB", 0x1p20},
                                                  {"KiB", 0x1p10},
                                                  {"TB", 1e12},
                                                  {"GB", 1e9},
                                                  {"MB", 1e6},
                                                  {"kB", 1e3}}};
constexpr double min_memory = 0x1p20, max_memory = 0x1p60;

std::optional<double> bytes_from(std::string_view text) {
  for (const MemoryUnit& unit : memory_units)
    if (text.size() > unit.name.size() && text.ends_with(unit.name)) {
      text.remove_suffix(unit.name.size());
      while (text.ends_with(' ')) text.remove_suffix(1);
      const auto count = number_from<double>(text);
      return count ? std::optional(std::floor(*count * unit.bytes)) : std::nullopt;
    }
  return number_from<double>(text);
}

template <class Accept>
ValueKind<double> number(std::string expected, Accept accept) {
  return {std::move(expected),
          [accept](const YAML::Node& node, const std::filesystem::path&) {
            const auto value = number_from<double>(scalar_text(node));
            if (!value || !std::isfinite(*value) || !accept(*value)) throw BadValue{describe(node)};
            return *value;
          },
          [](const double& value) { return fmt::format("{}", value); }};
}

}  // namespace

std::string describe(const YAML::Node& node) {
  if (node.IsScalar()) return fmt::format("'{}'", node.Scalar());
  if (node.IsSequence()) return fmt::format("a list of {}", node.size());
  return node.IsMap() ? "a map" : "nothing";
}

std::string scalar_text(const YAML::Node& node) {
  if (!node.IsScalar()) throw BadValue{describe(node)};
  return node.Scalar();
}

std::string quoted(const std::string& text) {
  YAML::Emitter emitter;
  emitter << YAML::Flow << YAML::BeginSeq << text << YAML::EndSeq;
  const std::string list = emitter.c_str();
  return list.substr(1, list.size() - 2);
}

ValueKind<std::string> any_text() {
  return {"a text",
          [](const YAML::Node& node, const std::filesystem::path&) {
            std::string text = scalar_text(node);
            if (text.empty()) throw BadValue{"an empty text"};
            return text;
          },
          quoted};
}

ValueKind<std::filesystem::path> any_path() {
  return {"a path; a relative one starts at this file's folder",
          [](const YAML::Node& node, const std::filesystem::path& directory) {
            const std::string text = scalar_text(node);
            if (text.empty()) throw BadValue{"an empty text"};
            return (directory / text).lexically_normal();
          },
          [](const std::filesystem::path& path) { return quoted(path.string()); }};
}

ValueKind<bool> true_or_false() {
  return one_of<bool>({{"true", true}, {"false", false}});
}

template <class T>
ValueKind<T> whole_number(T min, T max) {
  const bool unbounded = max == std::numeric_limits<T>::max();
  return {unbounded ? fmt::format("a whole number >= {}", min)
                    : fmt::format("a whole number from {} to {}", min, max),
          [min, max](const YAML::Node& node, const std::filesystem::path&) {
            const auto value = number_from<T>(scalar_text(node));
            if (!value || *value < min || *value > max) throw BadValue{describe(node)};
            return *value;
          },
          [](const T& value) { return fmt::format("{}", value); }};
}

template ValueKind<int> whole_number(int, int);
template ValueKind<std::int64_t> whole_number(std::int64_t, std::int64_t);
template ValueKind<std::uint64_t> whole_number(std::uint64_t, std::uint64_t);

ValueKind<double> number_at_least_zero() {
  return number("a number >= 0", [](double v) { return v >= 0; });
}

ValueKind<double> number_above_zero() {
  return number("a number > 0", [](double v) { return v > 0; });
}

ValueKind<std::int64_t> memory_size() {
  return {
      "a size from 1MiB to 1048576TiB, such as 4GiB (2^30 bytes), 4GB (10^9) or plain bytes; units kB to TB, "
      "KiB to TiB",
      [](const YAML::Node& node, const std::filesystem::path&) {
        const auto bytes = bytes_from(scalar_text(node));
        if (!bytes || !(*bytes >= min_memory && *bytes <= max_memory)) throw BadValue{describe(node)};
        return static_cast<std::int64_t>(*bytes);
      },
      [](const std::int64_t& bytes) {
        for (const MemoryUnit& unit : memory_units) {
          const auto unit_bytes = static_cast<std::int64_t>(unit.bytes);
          if (bytes % unit_bytes == 0) return fmt::format("{}{}", bytes / unit_bytes, unit.name);
        }
        return fmt::format("{}", bytes);
      }};
}

}  // namespace cleft
