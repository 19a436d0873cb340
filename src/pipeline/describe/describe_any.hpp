#pragma once

#include <string>

#include "pipeline/describe/describe_run.hpp"

namespace cleft {

/// How far `cleft info` looks.
struct DescribeOptions {
  bool verify = false;  ///< of a run directory: see describe_run
  /// Whether links and virtual datasets are followed that lead out of the file's folder.
  bool follow_links = false;
};

/// What stands under a name, as lines for people: describe_run for a directory, describe_model,
/// describe_project or describe_datasets for a file or a dataset in one. Not collective.
/// \throws InputError as these do; also when nothing is there, and when it is something that another command
///         is for (images, a configuration, a table), which the message names; IoError as these do.
Description describe_any(const std::string& what, const DescribeOptions& options = {});

}  // namespace cleft
