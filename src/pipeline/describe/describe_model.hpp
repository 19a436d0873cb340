#pragma once

#include <filesystem>
#include <string>

namespace cleft {

/// What a model can do and how well it was trained, as lines for people.
/// \throws InputError when the file is missing or damaged; IoError when it cannot be read.
std::string describe_model(const std::filesystem::path& file);

}  // namespace cleft
