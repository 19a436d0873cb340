#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cleft {

/// A detection and a truth object that may be matched.
struct Candidate {
  std::size_t detection = 0, truth = 0;
  std::int64_t overlap = 0;  ///< voxels in common
  double distance_nm = 0;    ///< between the two; >= 0

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// Matches detections and truth objects one to one: as many as possible; of all such matchings one with the
/// largest sum of overlaps; of those one with the smallest sum of distances (counted in picometres, so that
/// sums are exact). Successive augmenting paths of largest gain (Edmonds & Karp 1972), in each connected
/// group of candidates by itself.
///
/// \param candidates  Each pair at most once; indices are below the two counts.
/// \returns           The chosen candidates, by detection.
std::vector<Candidate> match_one_to_one(std::size_t detections, std::size_t truths,
                                        std::span<const Candidate> candidates);

}  // namespace cleft
