#include "config/config.hpp"

#include <algorithm>

namespace cleft {

std::string Config::subject(const std::string& key) const {
  const auto place = given_at.find(key);
  return (place == given_at.end() ? file.string() : place->second) + ": " + key;
}

bool Config::states(const std::string& section) const {
  return std::any_of(given_at.begin(), given_at.end(), [&](const auto& given) {
    return given.first == section || given.first.starts_with(section + ".");
  });
}

namespace {

void forget(Config& config, const std::string& section) {
  std::erase_if(config.given_at, [&](const auto& given) {
    return given.first == section || given.first.starts_with(section + ".");
  });
}

}  // namespace

std::vector<Config> for_each_labelled_volume(const Config& config) {
  if (config.labelled.empty()) return {config};
  std::vector<Config> all;
  for (const LabelledVolume& entry : config.labelled) {
    Config& one = all.emplace_back(config);
    one.labelled.clear();
    one.labels = entry.labels;
    forget(one, "labels");
    if (entry.volume.source.path) {
      one.volume = entry.volume;
      forget(one, "volume");
    }
    one.given_at.insert(entry.given_at.begin(), entry.given_at.end());
  }
  return all;
}

}  // namespace cleft
