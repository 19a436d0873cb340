#pragma once

#include "config/config.hpp"

namespace cleft {

/// Checks that the values of different keys do not contradict each other.
/// \throws ConfigError that names a key whose value does.
void check_config(const Config& config);

}  // namespace cleft
