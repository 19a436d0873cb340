#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/h5/file.hpp"

namespace cleft {

// A result's origin is a JSON object of all that decides its values (model, input, settings). It is stored
// with the result, so that a later run can tell whether the result is still the one it would make.

/// On a file shared by ranks collective.
/// \throws IoError
void write_origin(h5::Object& result, const nlohmann::json& origin);

/// \throws InputError when there is none
nlohmann::json read_origin(const h5::Object& result);

/// The names of what differs between two origins, sorted; empty when they are equal.
std::vector<std::string> differing_parts(const nlohmann::json& a, const nlohmann::json& b);

}  // namespace cleft
