#include "pipeline/evaluate/evaluate_points.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/narrow.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/read_boxes.hpp"
#include "objects/judge/near_points.hpp"
#include "objects/judge/whole_objects.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/surroundings.hpp"
#include "pipeline/evaluate/truth_points.hpp"

namespace cleft {
namespace {

/// The objects that have been read, as runs.
struct ReadRuns {
  SideRuns objects;             // `beyond` stays empty
  std::int64_t not_judged = 0;  // voxels outside the mask, in the box that is judged
};

void read_box(const PointInputs& in, const Box& box, ReadRuns& runs) {
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 23U;
  for (const Box& part : boxes_in_order(box, voxels_at_once)) {
    auto labels = Array3<std::uint64_t>::uninitialized(part.extent());
    read_label_values(in.labels, part, labels.view());
    const View3<const std::uint64_t> view = labels.view();
    append_runs(runs.objects.whole, view, part.begin);
    const Box inner = intersection(part, in.judged);
    if (inner.empty()) continue;
    if (in.mask) {
      auto mask = Array3<std::uint8_t>::uninitialized(part.extent());
      in.mask->read(part, mask.view());
      for (std::size_t i = 0; i < mask.voxels().size(); ++i)
        if (mask.voxels()[i] == 0) labels.voxels()[i] = 0;
      const View3<const std::uint8_t> read = mask.view();
      runs.not_judged +=
          voxel_count(inner.extent()) - count_inside(read.part(part.local(inner.begin), inner.extent()));
    }
    append_runs(runs.objects.judged, view.part(part.local(inner.begin), inner.extent()), inner.begin);
  }
}

/// Objects with a voxel in what is judged, whole, and what lies within `distance_nm` of it.
ReadRuns read_objects(const PointInputs& in, double distance_nm) {
  const Box all = whole_box(in.labels.extent());
  Extent margin;
  for (int axis = 0; axis < 3; ++axis) {
    const double reach = std::ceil(distance_nm / in.voxel_size[axis]) + 1;
    margin[axis] = static_cast<std::int64_t>(std::min(reach, narrow<double>(all.extent()[axis])));
  }
  ReadRuns runs;
  const auto read = [&](const std::vector<Box>& boxes) {
    for (const Box& box : boxes) read_box(in, box, runs);
    join_pieces(runs.objects.whole);
  };
  const Box first = grown(in.judged, margin, all);
  read({first});
  std::set<std::uint64_t> judged;
  for (const ObjectRun& run : runs.objects.judged) judged.insert(run.object);
  const auto needed = [&](const Box& read_so_far) {
    Box box = read_so_far;
    for (const ObjectRun& run : runs.objects.whole)
      if (judged.contains(run.object)) box = hull(box, grown(box_of(run), {1, 1, 1}, all));
    return box;
  };
  read_until_whole(first, all, needed, read);
  return runs;
}

/// Leaves the objects that have a voxel in what is judged or come near a site.
void keep_those_near(SideRuns& runs, const TruthPoints& truth, double distance_nm, const VoxelSize& size) {
  const auto objects = objects_of(runs.whole);
  std::set<std::uint64_t> kept;
  for (const ObjectRun& run : runs.judged) kept.insert(run.object);
  for (const Candidate& pair : pairs_near_points(runs.whole, objects, truth.sites, distance_nm, size))
    kept.insert(objects[pair.detection].id);
  std::erase_if(runs.whole, [&](const ObjectRun& run) { return !kept.contains(run.object); });
}

}  // namespace

Evaluation evaluate_points(const EvaluateOptions& options) {
  const PointInputs in = open_point_inputs(options);
  const double distance_nm = options.match.distance_nm;
  const std::string of_class = options.truth_class.value_or("synapse");
  const TruthPoints truth = read_truth_points(in, options, of_class);
  ReadRuns read = read_objects(in, distance_nm);
  SideRuns& runs = read.objects;
  keep_those_near(runs, truth, distance_nm, in.voxel_size);

  Evaluation result;
  result.sections = {in.judged.begin.z, in.judged.end.z};
  const Extent judged = in.judged.extent(), labels = in.labels.extent();
  if (judged.y != labels.y || judged.x != labels.x) result.part = in.judged;
  result.voxels_not_judged = read.not_judged;
  result.voxels_judged = voxel_count(judged) - read.not_judged;
  result.voxel_size = in.voxel_size;
  result.offset = in.labels.place().offset.value_or(PerAxis<double>{});
  result.match = options.match;
  result.points =
      PointTruth{of_class, narrow<std::int64_t>(truth.ignored), narrow<std::int64_t>(truth.outside)};
  result.detections = objects_of(runs.whole);
  for (std::size_t s = 0; s < truth.sites.size(); ++s)
    result.truths.push_back({truth.lines[s], 0, truth.sites[s]});
  result.detection_reach = reach_of(runs);
  std::vector<bool> excused(result.detections.size());
  for (const Candidate& pair :
       pairs_near_points(runs.whole, result.detections, truth.excusing, distance_nm, in.voxel_size))
    excused[pair.detection] = true;
  result.objects = compare_with_points(
      truth.sites.size(),
      pairs_near_points(runs.whole, result.detections, truth.sites, distance_nm, in.voxel_size), excused);
  set_apart_outside(result.objects, result.detection_reach, {});
  if (truth.sites.empty())
    log::warning("{}: no point of class '{}' in what is judged ({}, {}): recall is undefined",
                 options.truth_points->string(), of_class, to_string(in.labels.path()), to_string(in.judged));
  return result;
}

}  // namespace cleft
