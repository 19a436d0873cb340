#pragma once

#include <vector>

#include "config/key.hpp"

namespace cleft {

/// Appends the keys of the section `features`. Called by keys.cpp, which makes all others itself.
void add_feature_keys(std::vector<Key>& keys);

}  // namespace cleft
