#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace cleft {

/// The whole configuration as a YAML file that reads back to the same values from any folder: every key with
/// its value or, commented out, without one, under a comment with its meaning, the values it takes and its
/// default.
std::string show_config(const Config& config);

/// The same for a run directory, so that the run can be repeated from the file. Classes and features that
/// were not given stay without a value: the model has them.
std::string show_run_config(const Config& config);

/// The same with remarks: comments of their own above keys and at the file's beginning.
/// \param heading  Lines at the beginning.
/// \param remarks  [key] a line above it.
std::string show_run_config(const Config& config, const std::vector<std::string>& heading,
                            const std::map<std::string, std::string>& remarks);

/// Whether a text begins as what show_config writes.
bool is_shown_config(std::string_view text);

/// Which keys may differ between two runs into one run directory: those that affect no result, or also those
/// that affect segment only.
enum class MayDiffer { how_it_runs, segmentation_too };

/// Names of the keys whose values differ although they may not, in the order of config --show.
std::vector<std::string> differing_keys(const Config& a, const Config& b, MayDiffer may_differ);

/// The value of a key as YAML, on one line; "none" if it has none.
/// \pre `name` is one of keys().
std::string shown_value(const Config& config, const std::string& name);

}  // namespace cleft
