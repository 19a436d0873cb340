#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

#include "forest/model.hpp"
#include "forest/samples.hpp"
#include "forest/train_options.hpp"
#include "pipeline/train/train_input.hpp"

namespace cleft {

// A model's recipe: all that decides its forest besides classes and features, which the model has itself. It
// is made of content, not of names, so that models of copied data have the same bytes. Nothing is collective.

/// What is known before features are computed.
nlohmann::json train_recipe(const TrainInput& input, const TrainOptions& options);
/// Adds the samples' values, which stand for the volumes.
void add_values(nlohmann::json& recipe, const Samples& samples);

/// Refuses to replace a model that training would not make again: results that it led to could then not be
/// told from others, nor segmented again.
/// \param model   Its classes and features are those that the new model will have.
/// \param recipe  Of the new model; a part that it does not have yet is not compared.
/// \throws InputError when there is a model of another recipe, or of an unknown one; as read_model.
void check_replaces_same(const std::filesystem::path& path, const Model& model, const nlohmann::json& recipe);

}  // namespace cleft
