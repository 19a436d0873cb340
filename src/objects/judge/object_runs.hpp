#pragma once

#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"

namespace cleft {

/// The voxels x = begin ... end - 1 of row (z, y) of the volume, all of one object: what objects are compared
/// as.
struct ObjectRun {
  std::int64_t z = 0, y = 0, begin = 0, end = 0;
  std::uint64_t object = 0;

  friend bool operator==(const ObjectRun&, const ObjectRun&) = default;
};

/// Appends the maximal runs of one object each, in z, y, x order.
/// \param labels  Part of a volume whose first voxel is `first`, whole rows of it.
void append_runs(std::vector<ObjectRun>& runs, const View3<const std::uint64_t>& labels,
                 const GlobalVoxel& first);

/// What is listed of an object.
struct RunObject {
  std::uint64_t id = 0;
  std::int64_t size = 0;     ///< voxels
  PerAxis<double> centroid;  ///< mean voxel index

  friend bool operator==(const RunObject&, const RunObject&) = default;
};

/// One entry per object, by id.
/// \param runs  In any order.
std::vector<RunObject> objects_of(const std::vector<ObjectRun>& runs);

}  // namespace cleft
