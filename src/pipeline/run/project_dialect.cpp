#include "pipeline/run/project_dialect.hpp"

#include <cstdio>

#include "base/log.hpp"

namespace cleft {
namespace {

/// Whether a version as projects have it, such as "1.2.2rc4", is before 1.3; false when it cannot be read.
bool is_before_1_3(const std::string& version) {
  int major = 0, minor = 0;
  return std::sscanf(version.c_str(), "%d.%d", &major, &minor) == 2 &&
         (major < 1 || (major == 1 && minor < 3));
}

}  // namespace

FilterDialect dialect_for(const Config& config, const IlastikProject& project) {
  if (config.states(dialect_key)) return config.features.dialect;
  const std::string path = project.path.string();
  if (is_before_1_3(project.version))
    log::warning(
        "{}: saved by ilastik {}, but its features are computed as ilastik does since 1.3, the default; if "
        "it was trained with that version, add {}: {}",
        path, project.version, dialect_key, to_string(FilterDialect::ilastik_1_2));
  else
    log::info("{}: its features are computed as ilastik does since 1.3, the default ({})", path, dialect_key);
  return config.features.dialect;
}

std::optional<std::string> stated_feature_key(const Config& config) {
  for (const auto& [key, where] : config.given_at)
    if (key.starts_with("features.") && key != dialect_key) return key;
  return std::nullopt;
}

}  // namespace cleft
