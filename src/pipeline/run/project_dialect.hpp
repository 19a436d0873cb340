#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "ilastik/project.hpp"

namespace cleft {

/// A project brings its own features; of those of the configuration only the dialect is left to say, which a
/// project does not record.
inline constexpr auto dialect_key = "features.structure_tensor";

/// Whose arithmetic a project's features are to be computed with: what the configuration says, or the
/// default. The default is said in the log, as a warning where the project's ilastik computed otherwise.
FilterDialect dialect_for(const Config& config, const IlastikProject& project);
/// The first key of `features` that is stated besides the dialect.
std::optional<std::string> stated_feature_key(const Config& config);

}  // namespace cleft
