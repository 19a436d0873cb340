#include "config/value_kind.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <utf8.h>

#include "base/printable.hpp"
#include "base/text/numbers.hpp"
#include "config/raw_bytes.hpp"
#include "io/volume/axis_order.hpp"

namespace cleft {
namespace {

struct MemoryUnit {
  std::string_view name;
  double bytes;
};
// `show` uses the first unit that divides the number of bytes: binary ones are preferred.
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

/// What stands where a number should be: as `describe`, and what to do about a comma in it.
std::string describe_number(const YAML::Node& node) {
  const std::string text = scalar_text(node);
  const bool has_comma = has_comma_in_number(text.substr(0, text.find_last_of("0123456789") + 1));
  return describe(node) + (has_comma ? fmt::format(" ({})", comma_advice) : "");
}

template <class Accept>
ValueKind<double> number(std::string expected, Accept accept) {
  return {std::move(expected),
          [accept](const YAML::Node& node, const std::filesystem::path&) {
            const auto value = number_from<double>(scalar_text(node));
            if (!value || !accept(*value)) throw BadValue{describe_number(node)};
            return *value;
          },
          [](const double& value) { return fmt::format("{}", value); }};
}

constexpr std::size_t max_text = 1000;

/// A text with characters that steer a terminal, as YAML writes these: "\u001b".
std::string escaped(const std::string& characters) {
  std::string out = "\"";
  for (auto at = characters.begin(); at != characters.end();) {
    const auto begin = at;
    const auto character = static_cast<std::uint32_t>(utf8::next(at, characters.end()));
    const std::string same(begin, at);
    if (character == '"' || character == '\\')
      out += "\\" + same;
    else if (printable(same) == same)
      out += bytes_for_characters(same);
    else
      out += fmt::format("\\U{:08x}", character);
  }
  return out + "\"";
}

/// The value of a variable of the environment.
/// \param whole  The text that names it, for the message.
std::string variable(const std::string& name, const std::string& whole) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    throw BadValue{fmt::format("{}, but the variable {} is not set", in_quotes(whole), in_quotes(name))};
  return value;
}

/// A path as people write it: a leading ~ is the home directory, $NAME and ${NAME} are variables of the
/// environment, $$ is $.
std::string expanded(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  if (text == "~" || text.starts_with("~/")) {
    out = variable("HOME", text);
    at = 1;
  } else if (text.starts_with("~")) {
    throw BadValue{in_quotes(text) + " with somebody's home directory"};
  }
  while (at < text.size()) {
    const bool braces = text.compare(at, 2, "${") == 0;
    const std::size_t begin = at + (braces ? 2 : 1);
    const auto is_of_name = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    std::size_t end = begin;
    while (end < text.size() && is_of_name(text[end])) ++end;
    if (text[at] != '$') {
      out += text[at++];
    } else if (text.compare(at, 2, "$$") == 0) {
      out += '$';
      at += 2;
    } else if (end == begin || (braces && (end == text.size() || text[end] != '}'))) {
      throw BadValue{in_quotes(text) + ", with a '$' (written '$$' where it is meant)"};
    } else {
      out += variable(text.substr(begin, end - begin), text);
      at = end + (braces ? 1 : 0);
    }
  }
  return out;
}

/// Undoes `expanded` for an absolute path.
std::string unexpanded(const std::string& path) {
  std::string out;
  for (const char c : path) out += c == '$' ? "$$" : std::string(1, c);
  return out;
}

}  // namespace

std::string describe(const YAML::Node& node) {
  if (node.IsScalar()) return in_quotes(bytes_for_characters(node.Scalar()));
  if (node.IsSequence()) return fmt::format("a list of {}", node.size());
  return node.IsMap() ? "a map" : "no value";
}

std::string describe_count(const YAML::Node& node) {
  bool are_digits = node.IsSequence() && node.size() > 3;
  for (std::size_t i = 0; are_digits && i < node.size(); ++i)
    are_digits = node[i].IsScalar() && node[i].Scalar().find_first_not_of("0123456789") == std::string::npos;
  return describe(node) + (are_digits ? fmt::format(" ({})", comma_advice) : "");
}

std::string scalar_text(const YAML::Node& node) {
  if (!node.IsScalar()) throw BadValue{describe(node)};
  return bytes_for_characters(node.Scalar());
}

std::string quoted(const std::string& text) {
  const std::string characters = characters_for_bytes(text);
  if (printable(characters, characters.size() + 2) != characters) return escaped(characters);
  YAML::Emitter emitter;
  emitter << YAML::Flow << YAML::BeginSeq << characters << YAML::EndSeq;
  const std::string list = emitter.c_str();
  return bytes_for_characters(list.substr(1, list.size() - 2));
}

ValueKind<std::string> any_text() {
  return {"text",
          [](const YAML::Node& node, const std::filesystem::path&) {
            std::string text = scalar_text(node);
            if (text.empty()) throw BadValue{"an empty text"};
            if (!utf8::is_valid(text)) throw BadValue{describe(node) + ", which is not UTF-8"};
            if (text.size() > max_text) throw BadValue{describe(node)};
            return text;
          },
          quoted};
}

ValueKind<std::filesystem::path> any_path() {
  return {"a path; a relative one starts at this file's folder, ~ and $NAME are filled in",
          [](const YAML::Node& node, const std::filesystem::path& directory) {
            const std::string text = scalar_text(node);
            if (text.empty()) throw BadValue{"an empty text"};
            if (text.find('\0') != std::string::npos) throw BadValue{describe(node)};
            return (directory / expanded(text)).lexically_normal();
          },
          [](const std::filesystem::path& path) { return quoted(unexpanded(path.string())); }};
}

ValueKind<std::string> axis_order() {
  return {
      "a letter for each axis of the dataset, slowest first, of z, y, x, c (channel) and t (time): zyx, xyz, "
      "czyx",
      [](const YAML::Node& node, const std::filesystem::path&) {
        std::string text = scalar_text(node);
        if (!is_axis_order(text)) throw BadValue{describe(node)};
        return text;
      },
      quoted};
}

ValueKind<bool> true_or_false() {
  // YAML 1.1 has all of these words, each also in capitals; YAML 1.2 has the first two.
  constexpr std::array<std::pair<std::string_view, bool>, 6> words{
      {{"true", true}, {"false", false}, {"yes", true}, {"no", false}, {"on", true}, {"off", false}}};
  return {"true or false",
          [words](const YAML::Node& node, const std::filesystem::path&) {
            std::string text = scalar_text(node);
            for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            for (const auto& [word, value] : words)
              if (text == word) return value;
            throw BadValue{describe(node)};
          },
          [](const bool& value) { return std::string(value ? "true" : "false"); }};
}

template <class T>
ValueKind<T> whole_number(T min, T max) {
  const bool unbounded = max == std::numeric_limits<T>::max() && !std::is_unsigned_v<T>;
  return {unbounded ? fmt::format("a whole number >= {}", min)
                    : fmt::format("a whole number from {} to {}", min, max),
          [min, max](const YAML::Node& node, const std::filesystem::path&) {
            const auto value = number_from<T>(scalar_text(node));
            if (!value || *value < min || *value > max) throw BadValue{describe_number(node)};
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

ValueKind<double> number_within(double min, double max) {
  return number(fmt::format("a number from {} to {}", min, max),
                [min, max](double v) { return v >= min && v <= max; });
}

ValueKind<std::int64_t> memory_size() {
  return {
      "a size from 1MiB to 1048576TiB, such as 4GiB (2^30 bytes), 4GB (10^9) or plain bytes; units kB to TB, "
      "KiB to TiB",
      [](const YAML::Node& node, const std::filesystem::path&) {
        const auto bytes = bytes_from(scalar_text(node));
        if (!bytes || !(*bytes >= min_memory && *bytes <= max_memory)) throw BadValue{describe_number(node)};
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
