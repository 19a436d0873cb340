#include "objects/judge/object_runs.hpp"

#include <map>

#include "base/label.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

/// Sums over an object's voxels. Twice the sum of x, so that a run's contribution is an integer product.
struct Sums {
  std::int64_t size = 0;
  double z = 0, y = 0, twice_x = 0;  // integers, exact below 2^53
};

void add(Sums& sums, const ObjectRun& run) {
  const std::int64_t length = run.end - run.begin;
  sums.size += length;
  sums.z += narrow<double>(run.z * length);
  sums.y += narrow<double>(run.y * length);
  sums.twice_x += narrow<double>((run.begin + run.end - 1) * length);
}

void append_row(std::vector<ObjectRun>& runs, const std::uint64_t* labels, std::int64_t length,
                const GlobalVoxel& first) {
  std::int64_t begin = 0;
  while (begin < length) {
    std::int64_t end = begin + 1;
    while (end < length && labels[end] == labels[begin]) ++end;
    if (is_object(labels[begin]))
      runs.push_back({first.z, first.y, first.x + begin, first.x + end, labels[begin]});
    begin = end;
  }
}

}  // namespace

void append_runs(std::vector<ObjectRun>& runs, const View3<const std::uint64_t>& labels,
                 const GlobalVoxel& first) {
  const Extent extent = labels.extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      append_row(runs, labels.row(z, y), extent.x, first + Extent{z, y, 0});
}

std::vector<RunObject> objects_of(const std::vector<ObjectRun>& runs) {
  std::map<std::uint64_t, Sums> by_id;
  for (const ObjectRun& run : runs) add(by_id[run.object], run);
  std::vector<RunObject> objects;
  objects.reserve(by_id.size());
  for (const auto& [id, sums] : by_id) {
    const auto size = narrow<double>(sums.size);
    objects.push_back({id, sums.size, {sums.z / size, sums.y / size, sums.twice_x / 2 / size}});
  }
  return objects;
}

}  // namespace cleft
