#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/h5/file.hpp"

namespace cleft {

// A result's recipe is a JSON object of all that decides its values: model, input, settings. It is stored
// with the result, so that a later run can tell whether the result is still the one it would make.

/// Stores a recipe as text in the attribute `recipe` of a file or a dataset. On a file shared by ranks
/// collective.
/// \throws IoError
void write_recipe(h5::Object& result, const nlohmann::json& recipe);

/// The recipe that a file or a dataset has. Results of cleft 0.1.0 have it in the attribute `origin`, which
/// is read likewise. Not collective.
/// \throws InputError when there is none.
nlohmann::json read_recipe(const h5::Object& result);

/// The names of the top-level keys in which two recipes differ, sorted; empty when they are equal.
std::vector<std::string> differing_parts(const nlohmann::json& a, const nlohmann::json& b);

}  // namespace cleft
