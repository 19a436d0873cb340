#pragma once

#include "config/config.hpp"

namespace cleft {

/// Refuses values that are fine one by one and contradict each other.
/// \throws ConfigError
void check_config(const Config& config);

}  // namespace cleft
