#include "pipeline/evaluate/read_whole.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/narrow.hpp"
#include "pipeline/evaluate/read_pieces.hpp"

namespace cleft {
namespace {

/// The axis's coordinate of a voxel.
std::int64_t& along(GlobalVoxel& voxel, int axis) {
  return axis == 0 ? voxel.z : axis == 1 ? voxel.y : voxel.x;
}
std::int64_t along(const GlobalVoxel& voxel, int axis) {
  return axis == 0 ? voxel.z : axis == 1 ? voxel.y : voxel.x;
}

/// What `outer` has beyond `inner`, as boxes that do not overlap.
/// \pre `inner` lies in `outer`.
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

/// The smallest box around two.
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

/// How far from a voxel another one may be that is of the same object without any between them.
Extent link_of(const OneObject& rule) {
  if (rule.by_value) return {1, 1, 1};
  const auto within_section = [&](double voxel_nm) {
    return static_cast<std::int64_t>(std::ceil(2 * rule.bridge.reach_nm / voxel_nm)) + 2;
  };
  return {1, within_section(rule.bridge.voxel_nm.y), within_section(rule.bridge.voxel_nm.x)};
}

/// The box that has been read, which grows.
class Surroundings {
 public:
  Surroundings(const EvaluateInputs& in, bool truth_is_labelled, BothSides& runs)
      : in_(in),
        truth_is_labelled_(truth_is_labelled),
        limits_(hull(whole_box(in.labels.extent()), box_at(in.truth_begin, in.truth.extent()))),
        read_(in.judged),
        runs_(runs) {
    for (SideRuns* side : {&runs_.detected, &runs_.truth}) {
      side->whole.insert(side->whole.end(), side->judged.begin(), side->judged.end());
      join_pieces(side->whole);
    }
  }

  /// Reads on beyond what objects touch.
  /// \returns Whether there was anything to read.
  bool grow(const OneObject& detections, const OneObject& truths) {
    const Box needed = hull(needed_for(runs_.detected, detections), needed_for(runs_.truth, truths));
    Box next = read_;
    for (int axis = 0; axis < 3; ++axis) {
      if (along(needed.begin, axis) < along(read_.begin, axis)) along(next.begin, axis) -= step_;
      if (along(needed.end, axis) > along(read_.end, axis)) along(next.end, axis) += step_;
    }
    next = intersection(next, limits_);
    if (next == read_) return false;
    for (const Box& box : shell(next, read_)) read(box);
    for (SideRuns* side : {&runs_.detected, &runs_.truth}) {
      join_pieces(side->whole);
      join_pieces(side->beyond);
    }
    read_ = next;
    step_ *= 2;
    return true;
  }

 private:
  /// What has to be read to know all of the objects that have been seen.
  Box needed_for(const SideRuns& side, const OneObject& rule) const {
    const std::vector<bool> judged = has_judged_voxels(side, rule);
    const Extent link = link_of(rule);
    Box needed = read_;
    for (std::size_t i = 0; i < side.whole.size(); ++i)
      if (judged[i]) needed = hull(needed, grown(box_of(side.whole[i]), link, limits_));
    return needed;
  }

  void read(const Box& box) {
    const Box both = intersection(
        box, intersection(whole_box(in_.labels.extent()), box_at(in_.truth_begin, in_.truth.extent())));
    if (both.empty()) return read_part(box, false);
    read_part(both, true);
    for (const Box& part : shell(box, both)) read_part(part, false);
  }

  void read_part(const Box& box, bool is_covered_by_both) {
    const auto append = [](std::vector<ObjectRun>& runs, const std::vector<ObjectRun>& more) {
      runs.insert(runs.end(), more.begin(), more.end());
    };
    for_each_piece(in_, truth_is_labelled_, box, [&](Piece& piece) {
      const PieceRuns all = runs_of(piece);
      append(runs_.detected.whole, all.labels);
      append(runs_.truth.whole, all.truth);
      if (!is_covered_by_both) return;
      clear_unknown(in_, piece);
      const PieceRuns known = runs_of(piece);
      append(runs_.detected.beyond, known.labels);
      append(runs_.truth.beyond, known.truth);
    });
  }

  const EvaluateInputs& in_;
  bool truth_is_labelled_;
  Box limits_, read_;
  BothSides& runs_;
  std::int64_t step_ = 16;  // voxels; the first one
};

}  // namespace

void read_whole_objects(const EvaluateInputs& in, const EvaluateOptions& options, BothSides& runs) {
  const OneObject detections{};
  const OneObject truths{.by_value = options.truth_is_labelled,
                         .bridge = {options.truth_gap_nm, in.voxel_size.value_or(VoxelSize{1, 1, 1})},
                         .limits = box_at(in.truth_begin, in.truth.extent())};
  Surroundings surroundings(in, options.truth_is_labelled, runs);
  while (surroundings.grow(detections, truths)) {
  }
  keep_judged_objects(runs.detected, detections);
  keep_judged_objects(runs.truth, truths);
}

}  // namespace cleft
