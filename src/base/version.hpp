#pragma once

#include <string_view>

namespace cleft {

/// The release, as in "0.2.0".
std::string_view version();

/// The commit that the build was configured at, as `git describe` names it ("v0.2.0-3-gabc1234-dirty");
/// "unknown" outside a repository.
std::string_view source_revision();

}  // namespace cleft
