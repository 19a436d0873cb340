#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace cleft {

/// Refuses to replace a file of volumes, unless the user allows it: check_may_replace, naming the datasets
/// that are in it. Where it is allowed, a warning names those that will be gone. Not collective.
/// \param force    Whether the flag --force was given.
/// \param written  The datasets that the new file will have: "/raw".
/// \throws as check_may_replace
void check_may_replace_volume(const std::filesystem::path& file, bool force,
                              std::span<const std::string> written);

}  // namespace cleft
