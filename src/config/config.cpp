#include "config/config.hpp"

namespace cleft {

std::string Config::subject(const std::string& key) const {
  const auto origin = origins.find(key);
  return (origin == origins.end() ? file.string() : origin->second) + ": " + key;
}

}  // namespace cleft
