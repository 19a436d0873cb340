#pragma once

#include <string>

#include "config/config.hpp"

namespace cleft {

/// Looks at the files that a configuration names and says in a line which commands it can be used for, and
/// what is missing for the others: "can be used for train; not yet for detect: ...". Not collective.
/// \throws ConfigError, InputError or IoError that says what is missing, when it can be used for none
std::string check_usable(const Config& config);

}  // namespace cleft
