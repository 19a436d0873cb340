#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cleft {

/// The names of the top-level keys in which two recipes differ, sorted; empty when they are equal. A result's
/// recipe is a JSON object of all that decides its values: model, input, settings. It is stored with the
/// result (io/h5/recipe.hpp), so that a later run can tell whether the result is still the one it would make.
std::vector<std::string> differing_parts(const nlohmann::json& a, const nlohmann::json& b);

}  // namespace cleft
