#pragma once

#include <string>
#include <vector>

#include "pipeline/detect/predict.hpp"
#include "pipeline/detect/segment.hpp"

namespace cleft {

/// What segment found, as lines for people: how many synapses, how many components were none and why; where
/// there is no synapse, how high the ratios are and which settings decide. Not collective.
std::vector<std::string> lines_about(const SegmentJob& job, const SegmentSummary& summary);

/// Which components were not split for want of memory, and how much would do: warnings, as lines. Not
/// collective.
std::vector<std::string> lines_about_left_whole(const SegmentSummary& summary);

/// What it means that some voxels are NaN: a line for people.
/// \param summary  With not_numbers above 0.
std::string line_about_not_numbers(const PredictSummary& summary);

}  // namespace cleft
