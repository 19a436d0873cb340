#pragma once

#include "base/box.hpp"
#include "blocks/block_plan.hpp"
#include "pipeline/detect/predict_job.hpp"

namespace cleft {

/// How predict cuts a volume.
struct PredictPlan {
  Extent block;  ///< of a block's core
  Extent halo;   ///< that is read around it
  Extent piece;  ///< of a block that a thread works on at a time
};

/// Plans predict's blocks: an unfinished file's own, or else those asked for, or else those with which the
/// ranks are through soonest. Looks at job.probability, at no other file.
///
/// \param volume  Each axis at least 1.
/// \param ranks   That share the blocks.
/// \throws        ConfigError when blocks do not fit the memory.
PredictPlan plan_predict(const PredictJob& job, const Extent& volume, const BlockMemory& memory, int ranks);

}  // namespace cleft
