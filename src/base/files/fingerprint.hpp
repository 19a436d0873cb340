#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include <nlohmann/json.hpp>

namespace cleft {

/// Inputs of up to so many bytes are compared as a whole, longer ones at some places.
inline constexpr std::int64_t max_bytes_compared_whole = std::int64_t{4} << 20U;

/// What tells an input apart from another one by its content: a JSON object of `bytes` (of all files
/// together) and `content`, a checksum (XXH64, in hex) over the files' lengths and up to 4 MiB of them: all
/// of a small input, else pieces at fixed places, from the first byte to the last. So it costs the same
/// whatever the size, and neither a copy nor a touched or moved file is another input. A change that misses
/// every piece is not noticed; a volume that is written again by any program also changes elsewhere.
/// \param files  In an order that means the same each time; their names do not count.
/// \throws InputError when one is missing; IoError when one cannot be read.
nlohmann::json content_fingerprint(std::span<const std::filesystem::path> files);

/// How cleft 0.1.0 told inputs apart: a JSON object of a file's absolute `path`, its `bytes` and when it was
/// `modified` (UTC, to the nanosecond where the file system counts so finely). For runs that it has begun.
/// \throws InputError when it is missing; IoError when it cannot be looked at.
nlohmann::json file_fingerprint_of_0_1_0(const std::filesystem::path& file);

}  // namespace cleft
