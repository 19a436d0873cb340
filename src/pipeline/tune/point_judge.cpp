#include "pipeline/tune/point_judge.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/volume/read_boxes.hpp"
#include "objects/judge/near_points.hpp"
#include "objects/judge/whole_objects.hpp"
#include "parallel/agree.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/truth_points.hpp"

namespace cleft {
namespace {

/// What the other ranks need to know besides the points. Trivially copyable.
struct SharedPoints {
  VoxelSize voxel_size;
  Extent volume;
  Box judged;
};

void append_runs_inside(const View3<const std::uint8_t>& mask, const GlobalVoxel& first,
                        std::vector<ObjectRun>& runs) {
  const Extent extent = mask.extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const std::uint8_t* row = mask.row(z, y);
      for (std::int64_t x = 0; x < extent.x;) {
        const std::int64_t begin = x;
        while (x < extent.x && (row[x] != 0) == (row[begin] != 0)) ++x;
        if (row[begin] != 0) runs.push_back({first.z + z, first.y + y, first.x + begin, first.x + x, 0});
      }
    }
}

}  // namespace

PointJudge::PointJudge(const Communicator& comm, const EvaluateOptions& options)
    : distance_nm_(options.match.distance_nm) {
  SharedPoints facts;
  TruthPoints points;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    const PointInputs in = open_point_inputs(options);
    facts = {in.voxel_size, in.labels.extent(), in.judged};
    const std::string of_class = options.truth_class.value_or("synapse");
    points = read_truth_points(in, options, of_class);
    if (points.sites.empty())
      log::warning("{}: no point of class '{}' in what is judged ({}): recall is undefined",
                   options.truth_points->string(), of_class, to_string(in.judged));
  });
  facts = comm.broadcast(facts);
  voxel_size_ = facts.voxel_size;
  volume_ = facts.volume;
  judged_ = facts.judged;
  sites_ = comm.broadcast(std::move(points.sites));
  excusing_ = comm.broadcast(std::move(points.excusing));
  all_or_throw(comm, [&] {
    if (!sites_.empty()) nearest_.emplace(sites_, voxel_size_);
    if (!options.mask) return;
    PlacedMask mask = *options.mask;
    if (options.voxel_size) mask.path.options.voxel_size_known = true;
    mask_.emplace(mask);
  });
}

KnownVoxels PointJudge::known(const Box& box) const {
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 20U;
  KnownVoxels known;
  const Box there = intersection(box, judged_);
  if (there.empty()) return known;
  for (const Box& part : boxes_in_order(there, voxels_at_once)) {
    Array3<std::uint8_t> inside(part.extent());
    inside.fill(1);
    if (mask_) mask_->read(part, inside.view());
    append_runs_inside(inside.view(), part.begin, known.judged);
  }
  return known;
}

std::vector<TruthContact> PointJudge::contacts(std::span<const ObjectRun> runs, std::size_t objects) const {
  std::vector<RunObject> detections(objects);
  for (std::size_t i = 0; i < objects; ++i) detections[i].id = i;
  std::vector<TruthContact> contacts;
  const auto add = [&](std::span<const PerAxis<double>> points, std::size_t first) {
    for (const Candidate& pair : pairs_near_points(runs, detections, points, distance_nm_, voxel_size_))
      contacts.push_back({pair.detection, first + pair.truth, 0, pair.distance_nm});
  };
  add(sites_, 0);
  add(excusing_, sites_.size());
  return contacts;
}

Judged PointJudge::judge(std::span<const FoundObject> objects) const {
  std::vector<Reach> reach;
  std::vector<Candidate> near;
  std::vector<bool> excused;
  std::vector<PerAxis<double>> centroids;
  for (const FoundObject& object : objects) {
    const auto is_site = [&](const TruthContact& contact) { return contact.truth < sites_.size(); };
    const auto sites = std::ranges::count_if(object.contacts, is_site);
    if (object.evidence.judged == 0 && sites == 0) continue;
    for (const TruthContact& contact : object.contacts)
      if (is_site(contact)) near.push_back({reach.size(), to_size(contact.truth), 0, contact.distance_nm});
    excused.push_back(sites < std::ssize(object.contacts));
    reach.push_back({object.size, object.evidence.judged});
    centroids.push_back(centroid_of(object.evidence));
  }
  Comparison comparison = compare_with_points(sites_.size(), near, excused);
  set_apart_outside(comparison, reach, {});
  Judged judged{comparison.agreement(), {}};
  if (nearest_) judged.cells = truth_cells(comparison, *nearest_, sites_.size(), centroids);
  return judged;
}

std::string PointJudge::truth_text() const {
  return counted(narrow<std::int64_t>(sites_.size()), "site");
}

}  // namespace cleft
