#pragma once

#include <cstdint>
#include <vector>

#include "config/key.hpp"

namespace cleft {

/// Bound of keys that name a voxel: far beyond any volume, and sums of such numbers do not overflow.
inline constexpr std::int64_t farthest_voxel = 1'000'000'000'000;

// Called by keys.cpp, which makes the keys of all other sections itself.

/// Appends the keys of the section `labels`, before them the list of several labelled volumes.
void add_label_keys(std::vector<Key>& keys);
/// Appends the keys of the section `features`.
void add_feature_keys(std::vector<Key>& keys);
/// Appends the keys of the section `report`.
void add_report_keys(std::vector<Key>& keys);

}  // namespace cleft
