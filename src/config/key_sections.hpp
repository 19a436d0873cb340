#pragma once

#include <vector>

#include "config/key.hpp"

namespace cleft {

/// Adds the keys of the section `features`. For keys.cpp, which adds all others.
void add_feature_keys(std::vector<Key>& keys);

}  // namespace cleft
