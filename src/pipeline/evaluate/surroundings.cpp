#include "pipeline/evaluate/surroundings.hpp"

#include <algorithm>

namespace cleft {
namespace {

/// The axis's coordinate of a voxel.
std::int64_t& along(GlobalVoxel& voxel, int axis) {
  return axis == 0 ? voxel.z : axis == 1 ? voxel.y : voxel.x;
}
std::int64_t along(const GlobalVoxel& voxel, int axis) {
  return axis == 0 ? voxel.z : axis == 1 ? voxel.y : voxel.x;
}

}  // namespace

Box hull(const Box& a, const Box& b) {
  Box both = a;
  for (int axis = 0; axis < 3; ++axis) {
    along(both.begin, axis) = std::min(along(a.begin, axis), along(b.begin, axis));
    along(both.end, axis) = std::max(along(a.end, axis), along(b.end, axis));
  }
  return both;
}

Box box_of(const ObjectRun& run) {
  return {{run.z, run.y, run.begin}, {run.z + 1, run.y + 1, run.end}};
}

std::vector<Box> shell(const Box& outer, const Box& inner) {
  std::vector<Box> boxes;
  Box rest = outer;
  for (int axis = 0; axis < 3; ++axis) {
    Box before = rest, after = rest;
    along(before.end, axis) = along(rest.begin, axis) = along(inner.begin, axis);
    along(after.begin, axis) = along(rest.end, axis) = along(inner.end, axis);
    for (const Box& box : {before, after})
      if (!box.empty()) boxes.push_back(box);
  }
  return boxes;
}

void read_until_whole(Box read, const Box& limits, const std::function<Box(const Box&)>& needed,
                      const std::function<void(const std::vector<Box>&)>& more) {
  for (std::int64_t step = 16;; step *= 2) {
    const Box wanted = needed(read);
    Box next = read;
    for (int axis = 0; axis < 3; ++axis) {
      if (along(wanted.begin, axis) < along(read.begin, axis)) along(next.begin, axis) -= step;
      if (along(wanted.end, axis) > along(read.end, axis)) along(next.end, axis) += step;
    }
    next = intersection(next, limits);
    if (next == read) return;
    more(shell(next, read));
    read = next;
  }
}

}  // namespace cleft
