#include "config/show.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/printable.hpp"
#include "config/key.hpp"

namespace cleft {
namespace {

constexpr std::string_view first_line =
    "# Configuration of cleft, with all defaults filled in. Axis order is z, y, x.\n";

/// Appends the headers of those sections of the key `name` that the previous key was not in.
/// \returns The indentation of the key.
std::string open_sections(const std::string& name, const std::string& previous, std::string& out) {
  std::string indent;
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    const std::string section = name.substr(0, dot + 1);
    const std::size_t begin = section.rfind('.', section.size() - 2);
    if (!previous.starts_with(section))
      out += fmt::format("{}{}{}:\n", indent.empty() ? "\n" : "", indent,
                         section.substr(begin == std::string::npos ? 0 : begin + 1, dot - (begin + 1)));
    indent += "  ";
  }
  return indent;
}

/// The comment above a key: what it means, which values it takes, its default.
std::string comments(const Key& key, const std::string& indent) {
  const Config defaults;
  const auto value = key.show(defaults);
  return fmt::format("{0}# {1}\n{0}# values: {2}{3}\n", indent, key.meaning, key.expected,
                     value ? "; default: " + *value : "");
}

/// Comments that are not the same for every configuration.
struct Remarks {
  std::vector<std::string> heading{};
  std::map<std::string, std::string> of_keys{};
};

/// \param leave_open  Whether a key is written without its value.
std::string show(const Config& config, const std::function<bool(const Key&)>& leave_open,
                 const Remarks& remarks = {}) {
  std::string out(first_line);
  for (const std::string& line : remarks.heading) out += "# " + printable(line) + "\n";
  std::string previous;
  for (const Key& key : keys()) {
    if (!config.labelled.empty() && key.name.starts_with("labels.")) continue;
    const std::string indent = open_sections(key.name, previous, out);
    if (indent.empty()) out += "\n";
    const std::string last = key.name.substr(key.name.rfind('.') + 1);
    const auto value = leave_open(key) ? std::nullopt : key.show(config);
    out += comments(key, indent);
    if (const auto found = remarks.of_keys.find(key.name); found != remarks.of_keys.end())
      out += fmt::format("{}# {}\n", indent, printable(found->second));
    out += value ? fmt::format("{}{}: {}\n", indent, last, *value) : fmt::format("{}# {}:\n", indent, last);
    previous = key.name;
  }
  return out;
}

/// Whether what a key's value means is not said before the volume is known: the default of sigma is in voxels
/// of its finest axis.
bool is_open(const Config& config, const Key& key) {
  return key.name == "threshold.sigma" && !config.given_at.contains(key.name);
}

}  // namespace

std::string show_config(const Config& config) {
  return show(config, [&](const Key& key) { return is_open(config, key); });
}

std::string show_run_config(const Config& config) {
  return show_run_config(config, {}, {});
}

std::string show_run_config(const Config& config, const std::vector<std::string>& heading,
                            const std::map<std::string, std::string>& remarks) {
  const auto leave_open = [&](const Key& key) {
    const bool of_model = key.name == "classes" || key.name.starts_with("features.");
    return is_open(config, key) || (of_model && !config.given_at.contains(key.name));
  };
  return show(config, leave_open, {heading, remarks});
}

bool is_shown_config(std::string_view text) {
  return text.starts_with(first_line);
}

std::vector<std::string> differing_keys(const Config& a, const Config& b, MayDiffer may_differ) {
  const auto matters = [&](const Key& key) {
    return key.affects == Affects::predict ||
           (key.affects == Affects::segment && may_differ == MayDiffer::how_it_runs);
  };
  std::vector<std::string> names;
  for (const Key& key : keys())
    if (matters(key) && key.show(a) != key.show(b)) names.push_back(key.name);
  return names;
}

std::string shown_value(const Config& config, const std::string& name) {
  const auto all = keys();
  const auto key = std::find_if(all.begin(), all.end(), [&](const Key& k) { return k.name == name; });
  return key->show(config).value_or("none");
}

}  // namespace cleft
