#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace cleft {

/// The whole configuration as a YAML file that reads back to the same values from any folder: every key with
/// its value or, commented out, without one, under a comment with its meaning, the values it takes and its
/// default.
std::string show_config(const Config& config);

/// The same for a run directory: classes and features that were not given stay open, since it is the model
/// that has them; so the run can be repeated from this file.
std::string show_run_config(const Config& config);

/// Whether a text begins as show_config does.
bool is_shown_config(std::string_view text);

/// Which keys may differ between two runs into one run directory.
enum class MayDiffer { how_it_runs, segmentation_too };

/// Names of the keys whose values differ, but for those that may, in the order of config --show.
std::vector<std::string> differing_keys(const Config& a, const Config& b, MayDiffer may_differ);

/// The value of a key as YAML; "none" where there is none.
/// \pre `name` is one of keys().
std::string shown_value(const Config& config, const std::string& name);

}  // namespace cleft
