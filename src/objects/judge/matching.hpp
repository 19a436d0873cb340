#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cleft {

/// A detection and a truth object that may be matched with each other.
struct Candidate {
  std::size_t detection = 0, truth = 0;  ///< positions in the lists of detections and of truth objects
  std::int64_t overlap = 0;              ///< voxels in common
  double distance_nm = 0;                ///< between their centroids; >= 0

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// Matches detections and truth objects one to one. Of all matchings it chooses one with the most pairs; of
/// these one with the largest sum of overlaps; of these one with the smallest sum of distances (counted in
/// whole picometres, so that sums are exact). Where several are equal in all of that, the choice follows from
/// positions alone, not from the order of `candidates`: an earlier detection keeps its truth object, and of
/// truth objects that are equally good the first is taken.
///
/// The method is the assignment problem's, by shortest augmenting paths with potentials (Jonker & Volgenant
/// 1987), on a sparse list of candidates and with the choice to leave a detection unmatched. Paths end as
/// soon as they can, so that time is near linear where objects compete with their neighbours only.
///
/// \param detections, truths  How many there are of each.
/// \param candidates          Each pair at most once, in any order; positions are below the two counts.
/// \returns                   The chosen candidates, in order of detection.
std::vector<Candidate> match_one_to_one(std::size_t detections, std::size_t truths,
                                        std::span<const Candidate> candidates);

}  // namespace cleft
