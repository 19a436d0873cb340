#include "config/config.hpp"

namespace cleft {

std::string Config::subject(const std::string& key) const {
  const auto place = given_at.find(key);
  return (place == given_at.end() ? file.string() : place->second) + ": " + key;
}

}  // namespace cleft
