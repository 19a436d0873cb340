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

}  // namespace cleft
