#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"

namespace cleft {

/// The whole configuration as a YAML file that reads back to the same values from any folder: every key with
/// its value or, commented out, without one, under a comment with its meaning, the values it takes and its
/// default.
std::string show_config(const Config& config);

/// Which keys may differ between two runs into one run directory.
enum class MayDiffer { how_it_runs, segmentation_too };

/// Names of the keys whose values differ, but for those that may, in the order of config --show.
std::vector<std::string> differing_keys(const Config& a, const Config& b, MayDiffer may_differ);

}  // namespace cleft
