#include "pipeline/evaluate/judged_objects.hpp"

#include <cstdint>
#include <utility>

#include "objects/judge/bridged_components.hpp"
#include "pipeline/evaluate/read_whole.hpp"

namespace cleft {
namespace {

/// Numbers the components of the truth. Nothing grows beyond what is judged.
void number_truth(std::vector<ObjectRun>& runs, const EvaluateInputs& in, double gap_nm) {
  const Bridge bridge{gap_nm, in.voxel_size.value_or(VoxelSize{1, 1, 1})};
  const auto shift = [&](std::int64_t sign) {
    for (ObjectRun& run : runs) {
      run.y += sign * in.judged.begin.y;
      run.begin += sign * in.judged.begin.x;
      run.end += sign * in.judged.begin.x;
    }
  };
  shift(-1);
  number_components(runs, bridge, in.judged.extent());
  shift(1);
}

/// Whether there is anything beyond what is judged that objects may reach into.
bool is_part(const EvaluateInputs& in, const JudgedVoxels& found) {
  return found.not_judged > 0 || in.judged != whole_box(in.labels.extent()) ||
         in.judged != box_at(in.truth_begin, in.truth.extent());
}

}  // namespace

JudgedObjects judged_objects(const EvaluateInputs& in, const EvaluateOptions& options, JudgedVoxels& found) {
  auto& [detected, truth] = found.runs;
  JudgedObjects objects;
  if (!options.cut_objects && is_part(in, found)) {
    read_whole_objects(in, options, found.runs);
    objects.detected.reach = reach_of(detected);
    objects.truth.reach = reach_of(truth);
  } else if (!options.truth_is_labelled) {
    number_truth(truth.judged, in, options.truth_gap_nm);
  }
  objects.detected.runs = known_runs(std::move(detected));
  objects.truth.runs = known_runs(std::move(truth));
  return objects;
}

}  // namespace cleft
