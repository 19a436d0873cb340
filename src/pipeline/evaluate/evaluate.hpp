#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/box.hpp"
#include "io/volume/volume_path.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/evaluation.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

struct EvaluateOptions {
  VolumePath labels;  ///< detections: every value is one, but 0 and CREMI's background
  VolumePath truth;
  std::optional<VolumePath> probability;  ///< of the foreground, uint8 or float32
  /// Which of the classes that the probability file says it holds; when not given its only one, or "synapse".
  std::optional<std::string> foreground;
  PerAxis<double> sigma;                            ///< smooth the probability before judging it; voxels
  std::optional<Sections> sections;                 ///< to judge; default: all that the truth covers
  std::optional<std::int64_t> truth_first_section;  ///< default: the truth's attribute first_section, or 0
  bool truth_is_labelled = false;   ///< every value of the truth is an object, instead of every component
  double truth_gap_nm = 0;          ///< grow truth by this within sections to bridge gaps (number_components)
  std::int64_t min_truth_size = 1;  ///< voxels; smaller truth objects are neither missed nor false if found
  MatchOptions match;
  std::optional<std::filesystem::path> json;  ///< where to write the result as JSON
};

/// Compares detections with a truth. Objects of both are cut to the judged sections first. Reads the volumes
/// piece by piece and keeps runs, not voxels.
///
/// \throws InputError when files do not fit each other or the options, or lack a voxel size that is needed;
///         IoError when reading fails.
Evaluation evaluate(const EvaluateOptions& options);

/// Evaluates on rank 0, prints the result to standard output and writes the JSON file. Collective.
///
/// \throws CollectiveError on every rank with what evaluate() threw, or when the JSON file cannot be written.
void run_evaluate(const Communicator& comm, const EvaluateOptions& options);

}  // namespace cleft
