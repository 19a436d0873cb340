#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/box.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

// What can be read of a probability file, which ProbabilityFile writes. Each function throws InputError when
// the file is missing or is no such file, and IoError when it cannot be read. Nothing here is collective.

/// The dataset that holds the probabilities.
inline constexpr auto probability_dataset = "/probability";

/// The classes whose probabilities a file holds, in the order of the axis c.
std::vector<std::string> stored_classes(const std::filesystem::path& file);

/// The stored probabilities of one class.
/// \throws InputError also when the file has no such class, naming those that it has.
VolumeReader open_probability(const std::filesystem::path& file, const std::string& name);

/// What a file's probabilities were made from (base/recipe.hpp); of an unfinished file as well.
nlohmann::json read_probability_recipe(const std::filesystem::path& file);

/// The extent of a block's owned box in the unfinished file beside `path`; nothing where there is no such
/// file to go on with.
std::optional<Extent> block_of_unfinished(const std::filesystem::path& path);

/// Checks that a finished file holds probabilities of a volume, as predict would write them.
/// \param class_count  How many classes are stored.
/// \throws InputError when it holds others
void check_holds(const std::filesystem::path& file, const Extent& volume, ElementType type,
                 std::size_t class_count);

/// How many of a file's blocks are done.
struct BlocksDone {
  std::int64_t done = 0, all = 0;
};
BlocksDone count_blocks_done(const std::filesystem::path& file);
/// Up to this many bytes, read within seconds, a finished file is checked without being asked for.
inline constexpr std::uintmax_t max_bytes_always_checked = std::uintmax_t{1} << 30U;

/// How many of a finished file's blocks are done and what predict wrote. Reads all of it.
BlocksDone count_sound_blocks(const std::filesystem::path& file);

}  // namespace cleft
