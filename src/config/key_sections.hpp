#pragma once

#include <vector>

#include "config/key.hpp"

namespace cleft {

// Called by keys.cpp, which makes the keys of all other sections itself.

/// Appends the keys of the section `labels`, before them the list of several labelled volumes.
void add_label_keys(std::vector<Key>& keys);
/// Appends the keys of the section `features`.
void add_feature_keys(std::vector<Key>& keys);

}  // namespace cleft
