#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cleft {

/// The names of the top-level keys in which two recipes differ, sorted; empty when they are equal. A result's
/// recipe is a JSON object of all that decides its values: model, input, settings. It is stored with the
/// result (io/h5/recipe.hpp), so that a later run can tell whether the result is still the one it would make.
/// Two texts are the same if recipe_text makes the same of them.
std::vector<std::string> differing_parts(const nlohmann::json& a, const nlohmann::json& b);

/// A recipe, or a part of one, as JSON. A path is bytes, JSON is UTF-8: bytes that are none stand there as
/// U+FFFD.
std::string recipe_text(const nlohmann::json& recipe);

}  // namespace cleft
