#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// The points of the table that say anything, in voxels of the labels.
struct TruthPoints {
  std::vector<PerAxis<double>> sites, excusing;  ///< to be found; near which nothing is false
  std::vector<std::uint64_t> lines;              ///< [site] of the table
  std::size_t ignored = 0, outside = 0;          ///< of `excusing`: of class ignore, and not judged
};

/// Reads the table of points. Warns of points of classes that mean nothing. Not collective.
/// \param of_class  Of the sites.
/// \throws InputError when the table cannot be used, or has points, but none of that class nor of class
///         `ignore`; IoError.
TruthPoints read_truth_points(const PointInputs& in, const EvaluateOptions& options,
                              const std::string& of_class);

}  // namespace cleft
