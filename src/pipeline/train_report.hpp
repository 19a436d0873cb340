#pragma once

#include <string>

#include "forest/model.hpp"

namespace cleft {

/// What a person wants to know after training, as aligned text: labels per class, out-of-bag error, confusion
/// matrix, the most important channels.
/// \pre The model is complete (see read_model).
std::string training_report(const Model& model);

}  // namespace cleft
