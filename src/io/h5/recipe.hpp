#pragma once

#include <nlohmann/json.hpp>

#include "io/h5/file.hpp"

namespace cleft {

/// Stores a recipe (base/recipe.hpp) as text in the attribute `recipe` of a file or a dataset. On a file
/// shared by ranks collective.
/// \throws IoError
void write_recipe(h5::Object& result, const nlohmann::json& recipe);

/// The recipe that a file or a dataset has. Results of cleft 0.1.0 have it in the attribute `origin`, which
/// is read likewise. Not collective.
/// \throws InputError when there is none.
nlohmann::json read_recipe(const h5::Object& result);

}  // namespace cleft
