#pragma once

#include <string>
#include <vector>

#include "pipeline/detect/segment.hpp"

namespace cleft {

/// What segment found, as lines for people: how many synapses, how many components were none and why; where
/// there is no synapse, how high the ratios are and which settings decide. Not collective.
std::vector<std::string> lines_about(const SegmentJob& job, const SegmentSummary& summary);

}  // namespace cleft
