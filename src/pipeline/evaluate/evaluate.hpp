#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/box.hpp"
#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_path.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/evaluation.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

struct EvaluateOptions {
  VolumePath labels;  ///< detections: every value is one, but 0 and CREMI's background
  VolumePath truth;
  std::optional<PlacedMask> mask;         ///< outside it nothing is judged, as nothing was looked for
  std::optional<VolumePath> probability;  ///< of the foreground, uint8 or float32
  /// Which of the classes that the probability file says it holds; when not given its only one, or "synapse".
  std::optional<std::string> foreground;
  PerAxis<double> sigma;             ///< smooth the probability before judging it; voxels
  std::optional<Sections> sections;  ///< to judge; default: all that the truth covers
  /// Where the truth begins, in voxels of the labels, or the section alone; default: where the truth's
  /// attributes offset or first_section say (base/place.hpp).
  std::optional<Extent> truth_begin;
  std::optional<std::int64_t> truth_first_section;
  bool truth_is_labelled = false;   ///< every value of the truth is an object, instead of every component
  double truth_gap_nm = 0;          ///< grow truth by this within sections to bridge gaps (number_components)
  std::int64_t min_truth_size = 1;  ///< voxels; smaller truth objects are neither missed nor false if found
  MatchOptions match;
  std::optional<std::filesystem::path> json;  ///< where to write the result as JSON
};

/// Compares detections with a truth, which may be of any part of the labels. Objects of both are cut to what
/// is judged first: the part that both cover, or sections of it, without the voxels outside the mask and
/// those that the truth calls invalid. Reads the volumes piece by piece and keeps runs, not voxels. A truth
/// of which one object fills more than half of what is judged is warned about.
///
/// \throws InputError when files do not fit each other or the options, when nothing says where a truth of
///         another extent lies or two things say it differently, when sigma is larger than the volume, or
///         when a voxel size is lacking that is needed; IoError when reading fails.
Evaluation evaluate(const EvaluateOptions& options);

/// Evaluates on rank 0, prints the result to standard output and writes the JSON file. Collective.
///
/// \throws CollectiveError on every rank with what evaluate() threw, or when the JSON file cannot be written.
void run_evaluate(const Communicator& comm, const EvaluateOptions& options);

}  // namespace cleft
