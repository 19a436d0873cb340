#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace cleft {

/// A value that tune has chosen in place of another.
struct ChangedValue {
  std::string key, before, now;
};

/// The keys in which two configurations differ as far as segment is concerned, in the order of config --show.
/// A key in whose place another one is given is left out.
std::vector<ChangedValue> changed_values(const Config& before, const Config& now);

/// "threshold.core_ratio 10 -> 3, filter.min_size 1000 -> 300"
std::string changes_text(const std::vector<ChangedValue>& changes);

/// The configuration with the values that tune has chosen as a YAML file, complete: each changed key says
/// what stood there before.
/// \param configured  As the user gave it; all but the chosen values are its own.
/// \param why         For the heading: what tune found.
std::string tuned_config_text(const Config& configured, const Config& tuned, const std::string& why);

}  // namespace cleft
