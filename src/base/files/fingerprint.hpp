#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

namespace cleft {

/// What tells a file apart from an earlier or a later one of the same name without reading it: a JSON object
/// of its absolute `path`, its `bytes` and when it was `modified` (UTC, to the nanosecond where the file
/// system counts so finely). A copy, or a file that was written again with the same content, has another one.
/// \throws InputError when it is missing; IoError when it cannot be looked at.
nlohmann::json file_fingerprint(const std::filesystem::path& file);

}  // namespace cleft
