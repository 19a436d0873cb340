#include "pipeline/tune/volume_judge.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/label.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/read_boxes.hpp"
#include "parallel/agree.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"
#include "pipeline/evaluate/read_judged.hpp"

namespace cleft {
namespace {

/// What the other ranks need to know. Trivially copyable.
struct SharedTruth {
  Box judged, region;
  GlobalVoxel truth_begin;
  VoxelSize voxel_size;
  bool has_reach = false;
};

/// Appends the runs of what is known in a row, cut into what is judged and what lies beyond.
void append_known(const std::uint8_t* is_known, const GlobalVoxel& first, std::int64_t length,
                  const Box& judged, KnownVoxels& known) {
  const bool row_judged = judged.begin.z <= first.z && first.z < judged.end.z && judged.begin.y <= first.y &&
                          first.y < judged.end.y;
  const auto side = [&](std::int64_t x) {
    return row_judged && judged.begin.x <= first.x + x && first.x + x < judged.end.x;
  };
  for (std::int64_t x = 0; x < length;) {
    const std::int64_t begin = x;
    while (x < length && is_known[x] == is_known[begin] && side(x) == side(begin)) ++x;
    if (is_known[begin] == 0) continue;
    (side(begin) ? known.judged : known.beyond)
        .push_back({first.z, first.y, first.x + begin, first.x + x, 0});
  }
}

}  // namespace

std::optional<VolumeJudge::Settled> VolumeJudge::read_truth(const EvaluateOptions& options) {
  Settled settled{open_inputs(options), {}};
  JudgedVoxels found = read_judged(settled.in, options);
  settled.truth = judged_objects(settled.in, options, found).truth;
  objects_ = objects_of(settled.truth.runs);
  reach_ = settled.truth.reach;
  if (objects_.empty())
    log::warning("{}: no object in what is judged ({}): recall is undefined",
                 to_string(settled.in.truth.path()), to_string(settled.in.judged));
  return settled;
}

void VolumeJudge::share(const Communicator& comm, std::optional<Settled> settled,
                        const EvaluateOptions& options) {
  SharedTruth facts;
  if (settled) {
    const EvaluateInputs& in = settled->in;
    const Box covered =
        intersection(box_at(in.truth_begin, in.truth.extent()), whole_box(in.labels.extent()));
    facts = {in.judged, options.cut_objects ? in.judged : covered, in.truth_begin,
             in.voxel_size.value_or(VoxelSize{1, 1, 1}), !reach_.empty()};
    runs_ = std::move(settled->truth.runs);
  }
  facts = comm.broadcast(facts);
  runs_ = comm.broadcast(std::move(runs_));
  judged_ = facts.judged;
  region_ = facts.region;
  truth_begin_ = facts.truth_begin;
  voxel_size_ = facts.voxel_size;
  has_reach_ = facts.has_reach;
}

VolumeJudge::VolumeJudge(const Communicator& comm, const EvaluateOptions& options)
    : match_(options.match), min_truth_size_(options.min_truth_size) {
  std::optional<Settled> settled;
  all_or_throw(comm, [&] {
    if (comm.is_root()) settled = read_truth(options);
  });
  share(comm, std::move(settled), options);
  all_or_throw(comm, [&] {
    objects_ = objects_of(runs_);
    std::vector<PerAxis<double>> centroids;
    for (const RunObject& object : objects_) centroids.push_back(object.centroid);
    if (!centroids.empty()) nearest_.emplace(centroids, voxel_size_);
    VolumePath truth = options.truth;
    if (options.voxel_size) truth.options.voxel_size_known = true;
    truth_.emplace(truth);
    if (!options.mask) return;
    PlacedMask mask = *options.mask;
    if (options.voxel_size) mask.path.options.voxel_size_known = true;
    mask_.emplace(mask);
  });
}

KnownVoxels VolumeJudge::known(const Box& box) const {
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 20U;
  KnownVoxels known;
  const Box there = intersection(box, region_);
  if (there.empty()) return known;
  const Extent shift = truth_begin_ - GlobalVoxel{};
  for (const Box& part : boxes_in_order(there, voxels_at_once)) {
    auto values = Array3<std::uint64_t>::uninitialized(part.extent());
    read_label_values(*truth_, {part.begin - shift, part.end - shift}, values.view());
    Array3<std::uint8_t> is_known(part.extent());
    is_known.fill(1);
    if (mask_) mask_->read(part, is_known.view());
    for (std::size_t i = 0; i < values.voxels().size(); ++i)
      if (values.voxels()[i] == cremi_invalid) is_known.voxels()[i] = 0;
    for (std::int64_t z = 0; z < part.extent().z; ++z)
      for (std::int64_t y = 0; y < part.extent().y; ++y)
        append_known(is_known.row(z, y), part.begin + Extent{z, y, 0}, part.extent().x, judged_, known);
  }
  return known;
}

std::vector<TruthContact> VolumeJudge::contacts(std::span<const ObjectRun> runs, std::size_t objects) const {
  return overlap_contacts(runs, objects, runs_, objects_);
}

Judged VolumeJudge::judge(std::span<const FoundObject> objects) const {
  std::vector<RunObject> detections;
  std::vector<PerAxis<double>> centroids;
  std::vector<Reach> reach;
  std::vector<Candidate> overlaps;
  for (const FoundObject& object : objects) {
    if (object.evidence.judged == 0) continue;
    for (const TruthContact& contact : object.contacts)
      overlaps.push_back({detections.size(), to_size(contact.truth), contact.overlap, 0});
    if (has_reach_) reach.push_back({object.size, object.evidence.judged});
    centroids.push_back(centroid_of(object.evidence));
    detections.push_back({detections.size() + 1, object.evidence.known, centroids.back()});
  }
  Comparison comparison =
      compare_objects(detections, objects_, overlaps, match_, min_truth_size_, voxel_size_);
  set_apart_outside(comparison, reach, reach_);
  Judged judged{comparison.agreement(), {}};
  if (nearest_) judged.cells = truth_cells(comparison, *nearest_, objects_.size(), centroids);
  return judged;
}

std::string VolumeJudge::truth_text() const {
  std::int64_t judged = 0, outside = 0;
  for (std::size_t t = 0; t < objects_.size(); ++t) {
    if (objects_[t].size < min_truth_size_) continue;
    ++judged;
    outside += !reach_.empty() && reach_[t].mostly_outside() ? 1 : 0;
  }
  std::string text = counted(judged, "object");
  if (outside == 0) return text;
  return fmt::format("{} ({} of them mostly outside: right where found, never missed)", text, outside);
}

}  // namespace cleft
