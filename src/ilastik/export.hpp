#pragma once

#include <cstdint>
#include <filesystem>

#include "forest/model.hpp"

namespace cleft {

/// Writes a copy of an ilastik project in which the classifier is a model's forest and the feature selection
/// is the model's, so that ilastik opens it and predicts as the model does. Everything else of the project
/// stays. The copy takes its final name when it is complete.
///
/// \param project  A project of pixel classification whose labels are the model's classes.
/// \param copy     May not be the project itself.
/// \throws InputError when no project of ilastik can express the model (features in nm or of neighbouring
///         sections or in an order that ilastik cannot have, leaves with weights), when the project's labels
///         are not the model's classes, or when `project` is no such project; IoError when the copy cannot be
///         written.
void export_model_to_project(const Model& model, const std::filesystem::path& project,
                             const std::filesystem::path& copy);

}  // namespace cleft
