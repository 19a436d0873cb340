#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

#include "objects/synapse.hpp"

namespace cleft {

// The file of a run's synapses, synapses.h5: `/labels`, a volume of uint32 (uint64 beyond 4 billion
// synapses) in which a synapse's voxels have its number and all others 0; `/objects`, the object table;
// and, as an attribute of the file, the recipe (base/recipe.hpp) of both. Nothing here is collective.

/// The dataset of the labels.
inline constexpr auto labels_dataset = "/labels";

/// Adds to a file that has its labels what else belongs in it.
/// \param file      Closed, and opened by nobody else meanwhile.
/// \param synapses  The rows of the table, in the order of their numbers.
/// \throws IoError when it cannot be written.
void complete_synapse_file(const std::filesystem::path& file, const nlohmann::json& recipe,
                           const std::vector<Synapse>& synapses);

/// What a complete file was made from.
/// \throws InputError when it is missing or does not say so; IoError when it cannot be read.
nlohmann::json read_synapse_recipe(const std::filesystem::path& file);

/// How many synapses a complete file has.
/// \throws as above
std::int64_t read_synapse_count(const std::filesystem::path& file);

}  // namespace cleft
