#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "components/label_block.hpp"
#include "threshold/ratio_step.hpp"

namespace cleft {

// The decisive ratio of a component: the largest core_ratio at which it would still have as many core voxels
// as a synapse's core needs, wherever they lie in it. Where they would lie in several core components, none
// of which is large enough, the component would be no synapse already below it.

/// How many voxels of a component have a ratio of this step.
struct StepCount {
  RatioStep step = 0;
  std::int64_t voxels = 0;

  friend bool operator==(const StepCount&, const StepCount&) = default;
};

/// The steps of the `needed` voxels with the highest ones, or of all where they are fewer: the highest first
/// and each once. It has no more elements than that, and never more than there are steps.
using HighestSteps = std::vector<StepCount>;

/// The highest steps of some voxels.
/// \param steps   Of each; are reordered.
/// \param needed  How many voxels a core needs, at least 1.
HighestSteps highest_steps(std::span<RatioStep> steps, std::int64_t needed);

/// The same of two parts together. Associative and commutative.
/// \pre Both are of the same `needed`.
HighestSteps combine(const HighestSteps& a, const HighestSteps& b, std::int64_t needed);

/// The highest step that at least `needed` voxels reach; 0 where there are not so many voxels.
RatioStep decisive_step(const HighestSteps& steps, std::int64_t needed);

/// The steps of a block's voxels, taken apart by component.
/// \param block   The reference mask.
/// \param steps   Of the voxels of block.runs.all(), run by run.
/// \param needed  At least 1.
/// \returns       [component] its highest steps.
std::vector<HighestSteps> highest_steps_of_components(const LabelledBlock& block,
                                                      std::span<const RatioStep> steps, std::int64_t needed);

}  // namespace cleft
