#pragma once

#include <string>

#include "forest/model.hpp"
#include "forest/samples.hpp"

namespace cleft {

/// What a person wants to know after training, as aligned text: labels per class, out-of-bag error, confusion
/// matrix, the most important features. Of a model that was not trained here (a project's), what was never
/// measured is left out.
/// \pre The model is complete (see read_model).
std::string training_report(const Model& model);

/// How a project's stored classifier and the forest just trained answer the strokes that both were trained
/// on, as text. ilastik does not store which strokes a tree never saw, so its own out-of-bag error cannot be
/// told: the error on the strokes themselves, which is lower, is given for both.
/// \pre Both models' channels are those of the samples; classes have the same order.
std::string comparison_report(const Model& trained, const Model& stored, const Samples& samples);

}  // namespace cleft
