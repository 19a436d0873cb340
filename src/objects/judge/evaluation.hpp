#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/object_runs.hpp"
#include "objects/judge/probability_score.hpp"

namespace cleft {

/// A half-open range of sections of the volume.
struct Sections {
  std::int64_t begin = 0, end = 0;
};

/// How well detections agree with a truth.
struct Evaluation {
  Sections sections;                    ///< judged
  std::optional<VoxelSize> voxel_size;  ///< nm
  MatchOptions match;
  Agreement voxels;                             ///< of the labels, voxel by voxel
  std::optional<ProbabilityScore> probability;  ///< nothing when not asked for or when the truth is empty
  std::vector<RunObject> detections, truths;    ///< cut to the judged sections; places in the volume
  Comparison objects;
};

/// For people: a few lines of figures, then the missed and the false objects with their places.
std::string to_text(const Evaluation& evaluation);

/// For programs: everything that to_text says, at full precision, and the matched pairs.
std::string to_json(const Evaluation& evaluation);

/// Whether a text is what to_json writes, as far as its outermost names tell. Reads no further than to the
/// first character that no JSON has there.
bool is_report(std::istream& text);

}  // namespace cleft
