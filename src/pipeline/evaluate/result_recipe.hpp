#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/box.hpp"

namespace cleft {

/// The mask that a result was made in, as its recipe (base/recipe.hpp) has it.
struct RecordedMask {
  nlohmann::json as_stored;  ///< for comparing it with another recipe's
  std::string dataset;
  std::string axes;     ///< as ReadOptions::axes; empty where the file states them
  GlobalVoxel begin{};  ///< of its first voxel, in voxels of the result
};

/// What the file of a run's labels says of how they were made, as far as they are judged by it.
struct ResultRecipe {
  GlobalVoxel begin{};  ///< of the labels in the dataset that they were made of: volume.box
  std::optional<RecordedMask> mask{};
};

/// Reads it; also of results of 0.1.0. Not collective.
/// \returns Nothing where the file has no recipe: somebody else's label volume.
/// \throws InputError when the recipe has a box or a mask that make no sense; IoError when the file cannot be
///         read.
std::optional<ResultRecipe> read_result_recipe(const std::filesystem::path& file);

}  // namespace cleft
