#include "config/load.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/nearest.hpp"
#include "base/text/numbers.hpp"
#include "config/check.hpp"
#include "config/key.hpp"
#include "config/raw_bytes.hpp"
#include "config/yaml_text.hpp"

namespace cleft {
namespace {

/// Where values come from, for messages.
struct Source {
  std::string file{};            ///< empty: the command line
  std::string option = "--set";  ///< of that
  std::string text(const YAML::Node& node) const {
    return file.empty() ? option : fmt::format("{}:{}", file, node.Mark().line + 1);
  }
};

std::string last_part(const std::string& dotted) {
  return dotted.substr(dotted.rfind('.') + 1);
}

const Key* find_key(const std::string& name) {
  const auto all = keys();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Key& key) { return key.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool is_section(const std::string& name) {
  const auto all = keys();
  return std::any_of(all.begin(), all.end(),
                     [&](const Key& key) { return key.name.starts_with(name + "."); });
}

/// The known key or section that `name` was probably meant to be: the one whose last part is the most
/// similar. Of equally similar ones, one of the same section is preferred, and above all one of the same
/// section that contains the whole name.
std::string nearest_key(const std::string& section, const std::string& name) {
  std::set<std::string> known;
  for (const Key& key : keys())
    for (std::size_t dot = 0; dot != std::string::npos;) {
      dot = key.name.find('.', dot + 1);
      known.insert(key.name.substr(0, dot));
    }
  std::vector<std::string> names, parts;
  const auto in_section = [&](const std::string& k) { return k == section + last_part(k); };
  constexpr std::size_t telling = 4;  // fewer letters are in many names
  for (const std::string& k : known)
    if (in_section(k) && name.size() >= telling && last_part(k).find(name) != std::string::npos) return k;
  for (const bool wanted : {true, false})
    for (const std::string& k : known)
      if (in_section(k) == wanted) names.push_back(k);
  for (const std::string& k : names) parts.push_back(last_part(k));
  // No key is nearly as long: comparing an endless name with all of them would take as long.
  const std::string& part = nearest(name.substr(0, 100), parts);
  return names[to_size(&part - parts.data())];
}

/// A name that no key has, as messages have it: the section, and a part of what may be endless.
std::string in_section(const std::string& section, const std::string& part) {
  return section + printable(part, 100);
}

bool has_only_digits(const std::string& text) {
  return text.find_first_not_of("0123456789") == std::string::npos;
}

/// Reads the values of one source (a file or one --set) into a Config.
class Reader {
 public:
  /// \param entry  Where the values are of an entry of the list of labelled volumes: its name for messages.
  Reader(Config& config, Source source, std::filesystem::path directory, std::string entry = "")
      : config_(config),
        source_(std::move(source)),
        directory_(std::move(directory)),
        entry_(std::move(entry)) {}

  /// \param section  The prefix of the names in `map`: "" or "threshold.".
  void read_section(const YAML::Node& map, const std::string& section) {
    if (map.IsNull()) return;
    if (!map.IsMap())
      fail(map, section.empty() ? "configuration" : section.substr(0, section.size() - 1), describe(map),
           "keys with values");
    for (const auto& entry : map) read_entry(entry.first, entry.second, section);
  }

 private:
  void read_entry(const YAML::Node& name_node, const YAML::Node& value, const std::string& section) {
    if (!name_node.IsScalar()) fail(name_node, section + "?", describe(name_node) + " as a key", "a name");
    const std::string part = scalar_text(name_node), name = section + part;
    const Key* key = find_key(name);
    const bool has_keys = is_section(name) && (value.IsMap() || value.IsNull());
    if (key != nullptr && !has_keys) {
      read_key(*key, name_node, value);
    } else if (name == "volume.mask" && value.IsScalar()) {  // a path alone
      read_key(*find_key("volume.mask.path"), name_node, value);
    } else if (is_section(name)) {
      read_section(value, name + ".");
    } else if (value.IsNull() && has_only_digits(part)) {  // {sigma: 1,5}
      const std::string whole = section.empty() ? "configuration" : section.substr(0, section.size() - 1);
      fail(name_node, whole, in_quotes(part) + " behind a comma, where a key should be",
           fmt::format("a key with its value; {}", comma_advice));
    } else {
      fail(name_node, in_section(section, part), "unknown key",
           "a known key; the nearest is " + key_in_entry(entry_, nearest_key(section, part)));
    }
  }

  void read_key(const Key& key, const YAML::Node& name_node, const YAML::Node& value) {
    if (!seen_.emplace(key.name, source_.text(name_node)).second)
      fail(name_node, key.name, "given a second time", "one value; the first is at " + seen_[key.name]);
    check_alternatives(key, name_node);
    if (key.name == labels_list && value.IsSequence()) return read_labelled_volumes(name_node, value);
    if (key.name.starts_with("labels.")) forget_list();
    try {
      key.parse(config_, value, directory_);
    } catch (const BadValue& bad) {
      fail(value.IsNull() ? name_node : value, key.name, bad.found, key.expected);
    }
    config_.given_at[key.name] = source_.text(name_node);
  }

  /// Labels of an earlier source that is a list give way to a single one.
  void forget_list() {
    config_.labelled.clear();
    config_.given_at.erase(labels_list);
  }

  /// Reads `labels` as a list. Each entry has keys of `labels` and perhaps a section `volume`.
  void read_labelled_volumes(const YAML::Node& name_node, const YAML::Node& list) {
    constexpr std::size_t max_volumes = 1000;
    if (list.size() == 0 || list.size() > max_volumes)
      fail(name_node, labels_list, describe(list), fmt::format("1 to {} labelled volumes", max_volumes));
    std::vector<LabelledVolume> read;
    for (const YAML::Node& entry : list)
      read.push_back(Reader(config_, source_, directory_, entry_name(read.size())).labelled_volume(entry));
    config_.labels = {};
    std::erase_if(config_.given_at, [](const auto& given) { return given.first.starts_with("labels."); });
    config_.labelled = std::move(read);
    config_.given_at[labels_list] = source_.text(name_node);
  }

  /// Reads one entry of that list, which this reader is for. Its keys are its own: config_ stays what it is.
  LabelledVolume labelled_volume(const YAML::Node& node) const {
    if (!node.IsMap()) fail(node, labels_list, describe(node), "an entry such as {path: labels.h5}");
    Config one;
    one.file = config_.file;
    Reader reader(one, source_, directory_, entry_);
    for (const auto& item : node) {
      const bool is_volume = item.first.IsScalar() && item.first.Scalar() == "volume";
      reader.read_entry(item.first, item.second, is_volume ? "" : "labels.");
    }
    if (!one.states("labels"))
      fail(node, labels_list, "has no labels", "path, csv, points or project in each entry");
    if (one.states("volume") && !one.volume.source.path)
      fail(node, "volume", "has no path", "the volume's path beside its other keys");
    return {one.volume, one.labels, one.given_at, source_.text(node)};
  }

  /// Refuses a key whose alternative (see Key::instead_of) was given in the same source.
  void check_alternatives(const Key& key, const YAML::Node& name_node) {
    for (const auto& [earlier, where] : seen_) {
      const bool list_and_section = (key.name == labels_list && earlier.starts_with("labels.")) ||
                                    (earlier == labels_list && key.name.starts_with("labels."));
      const bool alternatives =
          list_and_section || key.instead_of == earlier || find_key(earlier)->instead_of == key.name;
      if (alternatives)
        fail(name_node, key.name,
             fmt::format("given together with {} ({})", key_in_entry(entry_, earlier), where),
             "one of the two");
    }
  }

  [[noreturn]] void fail(const YAML::Node& node, const std::string& key, const std::string& found,
                         const std::string& expected) const {
    throw ConfigError({.subject = source_.text(node) + ": " + key_in_entry(entry_, key),
                       .found = found,
                       .expected = expected});
  }

  Config& config_;
  Source source_;
  std::filesystem::path directory_;
  std::string entry_;
  std::map<std::string, std::string> seen_;  // keys of this source and where they stand
};

/// "threshold.core_ratio=5" as the map {threshold.core_ratio: 5}, which is then read like a file.
void apply_set(Config& config, const std::string& set, const std::filesystem::path& directory,
               const std::string& option = "--set") {
  const std::size_t equals = set.find('=');
  if (equals == std::string::npos || equals == 0)
    throw ConfigError(
        {.subject = option + " " + set, .found = "no key and value", .expected = "section.key=value"});
  const std::string name = set.substr(0, equals);
  YAML::Node value = parse_yaml(characters_for_bytes(set.substr(equals + 1)), option + " " + set, false);
  const std::size_t dot = name.rfind('.');
  const std::string section = dot == std::string::npos ? "" : name.substr(0, dot + 1);
  YAML::Node entry;
  entry[last_part(name)] = value;
  Reader(config, Source{"", option}, directory).read_section(entry, section);
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  if (file.empty())
    throw InputError({.subject = "configuration", .found = "an empty name", .expected = "a YAML file"});
  constexpr std::size_t max_bytes = 1U << 20U;  // thousands of times what people write
  return read_regular_file(file, "a configuration", max_bytes);
}

Config parse_config(const std::string& text, const std::filesystem::path& file,
                    std::span<const std::string> sets) {
  Config config;
  config.file = file;
  const auto directory = std::filesystem::absolute(file).parent_path();
  config.run.directory = directory / config.run.directory;
  Reader(config, Source{.file = file.string()}, directory)
      .read_section(parse_yaml(characters_for_bytes(text), file.string()), "");
  const auto here = std::filesystem::current_path();
  for (const std::string& set : sets) apply_set(config, set, here);
  check_config(config);
  return config;
}

Config with_values(Config config, std::span<const std::string> assignments, const std::string& option) {
  const auto here = std::filesystem::current_path();
  for (const std::string& assignment : assignments) apply_set(config, assignment, here, option);
  check_config(config);
  return config;
}

Config load_config(const std::filesystem::path& file, std::span<const std::string> sets) {
  return parse_config(read_text(file), file, sets);
}

}  // namespace cleft
