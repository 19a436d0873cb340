#pragma once

#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"

namespace cleft {

/// The voxels x = begin … end − 1 of row (z, y) of the volume, all of one object. The form in which objects
/// are compared.
struct ObjectRun {
  std::int64_t z = 0, y = 0, begin = 0, end = 0;
  std::uint64_t object = 0;

  friend bool operator==(const ObjectRun&, const ObjectRun&) = default;
};

/// Appends the runs of all objects in a part of a label volume, in z, y, x order: each run is of one object
/// and maximal.
/// \param labels  The values of whole rows of the label volume (z, y, x).
/// \param first   Where in the volume the first voxel of `labels` is.
void append_runs(std::vector<ObjectRun>& runs, const View3<const std::uint64_t>& labels,
                 const GlobalVoxel& first);

/// An object, summarised from its runs.
struct RunObject {
  std::uint64_t id = 0;
  std::int64_t size = 0;     ///< voxels
  PerAxis<double> centroid;  ///< mean of its voxels' coordinates in the volume

  friend bool operator==(const RunObject&, const RunObject&) = default;
};

/// Summarises objects.
/// \param runs  In any order.
/// \returns     One entry per object, in order of id.
std::vector<RunObject> objects_of(const std::vector<ObjectRun>& runs);

}  // namespace cleft
