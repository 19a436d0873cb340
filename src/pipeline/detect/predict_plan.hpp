#pragma once

#include "base/box.hpp"
#include "blocks/block_plan.hpp"
#include "pipeline/detect/predict_job.hpp"

namespace cleft {

/// How predict cuts a volume.
struct PredictPlan {
  Extent block;  ///< of a block's owned box
  Extent halo;   ///< that is read around it
  Extent tile;   ///< see BlockClassifier
};

/// Plans predict's blocks: those of an unfinished file, where there is one to go on with; else those asked
/// for (job.block_shape); else those that plan_block finds to be done soonest. Looks at job.probability, at
/// no other file. Not collective: from the same arguments and the same file every rank comes to the same
/// plan.
///
/// \param volume  Each axis at least 1.
/// \param ranks   That share the blocks.
/// \throws        ConfigError when blocks do not fit the memory.
PredictPlan plan_predict(const PredictJob& job, const Extent& volume, const BlockMemory& memory, int ranks);

}  // namespace cleft
