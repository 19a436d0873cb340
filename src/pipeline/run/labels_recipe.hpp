#pragma once

#include <cstdint>

#include <nlohmann/json.hpp>

namespace cleft {

// What the recipe stored with labels says beyond what was asked for: how they came about in fact. Nothing
// here is collective.

/// The key that says by which core_ratio labels were thresholded, where that is another one than their own.
inline constexpr auto cores_of_ratio = "cores_of_ratio";

/// The key that says from how many bytes of run.memory_per_rank on one more component would be split than
/// was; it is there where components were left whole for want of memory.
inline constexpr auto left_whole_below = "left_whole_below";

/// A recipe of stored labels without these keys: that of what was asked for.
nlohmann::json as_asked_for(nlohmann::json recipe);

/// Whether labels have components that were left whole, of which this memory is enough to split one.
/// \param stored  The recipe of the labels.
bool splits_more(const nlohmann::json& stored, std::int64_t memory_per_rank);

}  // namespace cleft
