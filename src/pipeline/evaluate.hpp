#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "io/h5_volume.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// When a detection and a truth object may be matched.
struct MatchOptions {
  enum class Criterion { overlap, iou, centroid_distance };
  Criterion criterion = Criterion::overlap;
  std::int64_t overlap_voxels = 1;  ///< overlap: at least so many common voxels
  double iou = 0;                   ///< iou: intersection over union at least this
  double distance_nm = 0;           ///< centroid_distance: centroids at most so far apart
};

struct Sections {
  std::int64_t begin = 0, end = 0;  ///< half-open, of the volume
};

struct EvaluateOptions {
  VolumePath labels;  ///< detections: every value but 0 is one
  VolumePath truth;
  std::optional<VolumePath> probability;            ///< foreground probability, uint8 or float32
  std::optional<Sections> sections;                 ///< to judge; default: all that the truth covers
  std::optional<std::int64_t> truth_first_section;  ///< default: the truth's attribute `first_section`, or 0
  bool truth_is_labelled = false;   ///< every value of the truth is one object, instead of every component
  double truth_gap_nm = 0;          ///< components this close within a section are one truth object
  std::int64_t min_truth_size = 1;  ///< smaller truth objects are neither missed nor false when found; voxels
  MatchOptions match;
  std::optional<std::filesystem::path> json;  ///< where to write the result as JSON
};

/// Compares detections with a truth and prints how well they agree: voxels, the probability, objects matched
/// one to one, and where the missed and the false ones are. Collective; rank 0 does the work. \throws
/// CollectiveError on every rank, with InputError's or IoError's message.
void run_evaluate(const Communicator& comm, const EvaluateOptions& options);

}  // namespace cleft
