#include "pipeline/evaluate/read_whole.hpp"

#include <cmath>
#include <vector>

#include "base/narrow.hpp"
#include "pipeline/evaluate/read_pieces.hpp"
#include "pipeline/evaluate/surroundings.hpp"

namespace cleft {
namespace {

/// How far from a voxel another one may be that is of the same object without any between them.
Extent link_of(const OneObject& rule) {
  if (rule.by_value) return {1, 1, 1};
  const auto within_section = [&](double voxel_nm) {
    return static_cast<std::int64_t>(std::ceil(2 * rule.bridge.reach_nm / voxel_nm)) + 2;
  };
  return {1, within_section(rule.bridge.voxel_nm.y), within_section(rule.bridge.voxel_nm.x)};
}

/// What lies around the judged box.
class Surroundings {
 public:
  Surroundings(const EvaluateInputs& in, bool truth_is_labelled, BothSides& runs)
      : in_(in),
        truth_is_labelled_(truth_is_labelled),
        limits_(hull(whole_box(in.labels.extent()), box_at(in.truth_begin, in.truth.extent()))),
        runs_(runs) {
    for (SideRuns* side : {&runs_.detected, &runs_.truth}) {
      side->whole.insert(side->whole.end(), side->judged.begin(), side->judged.end());
      join_pieces(side->whole);
    }
  }

  const Box& limits() const { return limits_; }

  /// What has to be read to know all of the objects of one side that have been seen.
  Box needed_for(const Box& read, const SideRuns& side, const OneObject& rule) const {
    const std::vector<bool> judged = has_judged_voxels(side, rule);
    const Extent link = link_of(rule);
    Box needed = read;
    for (std::size_t i = 0; i < side.whole.size(); ++i)
      if (judged[i]) needed = hull(needed, grown(box_of(side.whole[i]), link, limits_));
    return needed;
  }

  void read(const std::vector<Box>& boxes) {
    for (const Box& box : boxes) read(box);
    for (SideRuns* side : {&runs_.detected, &runs_.truth}) {
      join_pieces(side->whole);
      join_pieces(side->beyond);
    }
  }

 private:
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
  Box limits_;
  BothSides& runs_;
};

}  // namespace

void read_whole_objects(const EvaluateInputs& in, const EvaluateOptions& options, BothSides& runs) {
  const OneObject detections{};
  const OneObject truths{.by_value = options.truth_is_labelled,
                         .bridge = {options.truth_gap_nm, in.voxel_size.value_or(VoxelSize{1, 1, 1})},
                         .limits = box_at(in.truth_begin, in.truth.extent())};
  Surroundings surroundings(in, options.truth_is_labelled, runs);
  read_until_whole(
      in.judged, surroundings.limits(),
      [&](const Box& read) {
        return hull(surroundings.needed_for(read, runs.detected, detections),
                    surroundings.needed_for(read, runs.truth, truths));
      },
      [&](const std::vector<Box>& boxes) { surroundings.read(boxes); });
  keep_judged_objects(runs.detected, detections);
  keep_judged_objects(runs.truth, truths);
}

}  // namespace cleft
