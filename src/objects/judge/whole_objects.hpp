#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "objects/judge/bridged_components.hpp"
#include "objects/judge/object_runs.hpp"

namespace cleft {

// Where only a part of a volume is judged, its objects are looked at whole: what reaches into the part is not
// cut at its border. Objects here are those of one side, detections or truth.

/// The objects of one side, as runs in z, y, x order that do not overlap.
struct SideRuns {
  std::vector<ObjectRun> judged;  ///< what lies in the part that is judged
  std::vector<ObjectRun> beyond;  ///< what lies elsewhere, where both sides can be known
  std::vector<ObjectRun> whole;   ///< all that is there, whether anybody knows the other side or not; maximal
};

/// What makes voxels one object.
struct OneObject {
  /// Voxels of one value, in what is judged wherever they lie; beyond it as far as they are 26-connected to
  /// what is judged. Otherwise: all components of the voxels' mask (number_components).
  bool by_value = true;
  Bridge bridge{};  ///< of components
  Box limits{};     ///< of components: the box that the side covers; nothing grows beyond it within a section
};

/// How far an object reaches beyond what is judged.
struct Reach {
  std::int64_t whole = 0;   ///< voxels
  std::int64_t judged = 0;  ///< of these, in what is judged

  /// Whether more of it lies outside what is judged than inside.
  bool mostly_outside() const { return 2 * judged < whole; }
};

/// [run] the component that it is of: runs of one value that are 26-connected. A component's number is the
/// index of its first run.
/// \param runs  In z, y, x order, maximal.
std::vector<std::uint64_t> components_of_one_value(std::span<const ObjectRun> runs);

/// [run of side.whole] whether its object has a voxel in what is judged.
/// \param side  Runs of `judged` lie in runs of `whole`.
std::vector<bool> has_judged_voxels(const SideRuns& side, const OneObject& rule);

/// Leaves only objects that have a voxel in what is judged, and gives all runs the object that they are of:
/// by value, their value; components are numbered 1 … N in order of their first voxel in what is judged.
/// \param side  Runs of `judged` and of `beyond` lie in runs of `whole`.
void keep_judged_objects(SideRuns& side, const OneObject& rule);

/// \param side  As keep_judged_objects leaves it.
/// \returns     One entry per object, in order of id.
std::vector<Reach> reach_of(const SideRuns& side);

/// `judged` and `beyond` as runs of one list, in z, y, x order and maximal: what detections and truth objects
/// are matched by.
std::vector<ObjectRun> known_runs(SideRuns&& side);

/// Sorts runs into z, y, x order and joins those of one object that adjoin or overlap: what was read in
/// pieces is then maximal again.
void join_pieces(std::vector<ObjectRun>& runs);

}  // namespace cleft
