#include "pipeline/train/train_recipe.hpp"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/recipe.hpp"
#include "forest/files/model_file.hpp"

namespace cleft {
namespace {

using nlohmann::json;

std::string text_of(const Checksum& sum) {
  return fmt::format("{:016x}", sum.value());
}

/// Of the labels' places and classes, volume by volume.
std::string checksum_of_labels(const TrainInput& input) {
  Checksum sum;
  for (const TrainVolume& volume : input.volumes) {
    const std::array<std::int64_t, 1> count{narrow<std::int64_t>(volume.labels.size())};
    sum.add(std::as_bytes(std::span(count)));
    for (const LabelledVoxel& label : volume.labels) {
      const std::array<std::int64_t, 4> row{label.voxel.z, label.voxel.y, label.voxel.x, label.label};
      sum.add(std::as_bytes(std::span(row)));
    }
  }
  return text_of(sum);
}

/// What of a model is another than what training would make, in words; empty when nothing is.
std::vector<std::string> differences(const Model& there, const json& recipe_there, const Model& model,
                                     const json& recipe) {
  std::vector<std::string> parts;
  if (there.classes != model.classes) parts.emplace_back("classes");
  if (there.features != model.features) parts.emplace_back("features");
  for (const std::string& part : differing_parts(recipe_there, recipe))
    if (recipe.contains(part)) parts.push_back(part == "values" ? "volume" : part);
  return parts;
}

}  // namespace

json train_recipe(const TrainInput& input, const TrainOptions& options) {
  return {{"labels", checksum_of_labels(input)},
          {"trees", options.trees},
          {"seed", options.seed},
          {"class_balance", to_string(options.class_balance)},
          {"min_leaf", options.min_leaf}};
}

void add_values(json& recipe, const Samples& samples) {
  Checksum sum;
  sum.add(std::as_bytes(std::span(samples.values)));
  recipe["values"] = text_of(sum);
}

void check_replaces_same(const std::filesystem::path& path, const Model& model, const json& recipe) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) return;
  const std::string expected = "the same configuration, another name for the model, or --force";
  const Model there = read_model(path);
  const json recipe_there = json::parse(there.recipe, nullptr, false);
  if (!recipe_there.is_object())
    throw InputError({path.string(), "is there already, and does not say what it was trained on", expected});
  const auto parts = differences(there, recipe_there, model, recipe);
  if (!parts.empty())
    throw InputError(
        {path.string(),
         fmt::format("is there already, trained with other values of: {}", fmt::join(parts, ", ")),
         expected});
}

}  // namespace cleft
