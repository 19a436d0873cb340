#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "ilastik/project.hpp"

namespace cleft {

/// The key of the dialect: which ilastik's arithmetic features are computed with. A project has features of
/// its own, so that no other key of `features` may be stated beside one, but it does not record this.
inline constexpr auto dialect_key = "features.structure_tensor";

/// The dialect of a project's features: what the configuration states, or else the default. Where it is the
/// default the log says so, as a warning where the ilastik that saved the project computed otherwise.
FilterDialect dialect_for(const Config& config, const IlastikProject& project);
/// The first key of `features`, other than the dialect, that the configuration states.
std::optional<std::string> stated_feature_key(const Config& config);

}  // namespace cleft
