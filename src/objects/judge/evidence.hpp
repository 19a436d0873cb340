#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "objects/judge/object_runs.hpp"

namespace cleft {

// What has to be known of an object to judge it by a truth, without its voxels. All of it adds up over the
// parts of an object, to the same whatever parts these were.

/// Voxels of an object. Trivially copyable.
struct ObjectEvidence {
  std::int64_t judged = 0;                 ///< in what is judged
  std::int64_t known = 0;                  ///< where both sides can be known
  std::int64_t z = 0, y = 0, twice_x = 0;  ///< sums of the coordinates of those; of x twice

  void add(const ObjectEvidence& other);
  friend bool operator==(const ObjectEvidence&, const ObjectEvidence&) = default;
};

/// An object and something of the truth. Trivially copyable.
struct TruthContact {
  std::uint64_t object = 0;
  std::uint64_t truth = 0;   ///< which, by the numbers of whoever judges
  std::int64_t overlap = 0;  ///< voxels in common
  double distance_nm = 0;    ///< of the object's nearest voxel, where that is asked for

  friend bool operator==(const TruthContact&, const TruthContact&) = default;
};

/// The voxels that count, as runs in z, y, x order that do not overlap; `object` does not matter.
struct KnownVoxels {
  std::vector<ObjectRun> judged;  ///< in what is judged
  std::vector<ObjectRun> beyond;  ///< elsewhere, where both sides can be known
};

/// Counts the voxels of objects.
/// \param runs     In z, y, x order, not overlapping; their objects are 0 … objects − 1.
/// \returns        [object]
std::vector<ObjectEvidence> evidence_of(std::span<const ObjectRun> runs, std::size_t objects,
                                        const KnownVoxels& known);

/// Adds up contacts of the same object and truth: overlaps are added, of distances the smallest counts.
/// \returns In order of object, then truth.
std::vector<TruthContact> joined(std::vector<TruthContact> contacts);

/// The mean of the coordinates of the known voxels, as objects_of has it.
PerAxis<double> centroid_of(const ObjectEvidence& evidence);

}  // namespace cleft
