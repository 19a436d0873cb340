#include "config/config.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace cleft {
namespace {

bool is_in(const std::string& key, const std::string& section) {
  return key == section || key.starts_with(section + ".");
}

}  // namespace

std::string entry_name(std::size_t number) {
  return fmt::format("labels[{}]", number);
}

std::string key_in_entry(const std::string& entry, const std::string& key) {
  if (entry.empty()) return key;
  if (is_in(key, "labels")) return entry + key.substr(std::string("labels").size());
  return is_in(key, "volume") ? entry + "." + key : key;
}

std::string Config::name_of(const std::string& key) const {
  return is_in(key, "volume") && !entry.has_volume ? key : key_in_entry(entry.name, key);
}

std::string Config::subject(const std::string& key) const {
  const auto place = given_at.find(key);
  const std::string name = name_of(key);
  if (place != given_at.end()) return place->second + ": " + name;
  return (name == key ? file.string() : entry.where) + ": " + name;
}

bool Config::states(const std::string& section) const {
  return std::any_of(given_at.begin(), given_at.end(),
                     [&](const auto& given) { return is_in(given.first, section); });
}

namespace {

void forget(Config& config, const std::string& section) {
  std::erase_if(config.given_at, [&](const auto& given) { return is_in(given.first, section); });
}

}  // namespace

std::vector<Config> for_each_labelled_volume(const Config& config) {
  if (config.labelled.empty()) return {config};
  std::vector<Config> all;
  for (const LabelledVolume& entry : config.labelled) {
    Config& one = all.emplace_back(config);
    one.labelled.clear();
    one.labels = entry.labels;
    const bool has_volume = entry.volume.source.path.has_value();
    one.entry = {entry_name(all.size() - 1), has_volume,
                 entry.where.empty() ? config.file.string() : entry.where};
    forget(one, "labels");
    if (has_volume) {
      one.volume = entry.volume;
      forget(one, "volume");
    }
    one.given_at.insert(entry.given_at.begin(), entry.given_at.end());
  }
  return all;
}

}  // namespace cleft
