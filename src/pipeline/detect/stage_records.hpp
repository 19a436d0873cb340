#pragma once

#include "pipeline/detect/predict.hpp"
#include "pipeline/detect/segment_result.hpp"
#include "pipeline/run/run_record.hpp"

namespace cleft {

// What run.json says of a stage that was run. Nothing here is collective.

/// \param stage  What every stage's record has.
PredictRecord record_of(const PredictSummary& summary, StageRecord stage);
SegmentRecord record_of(const SegmentSummary& summary, StageRecord stage);

}  // namespace cleft
