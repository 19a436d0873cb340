#pragma once

#include <filesystem>
#include <string>

namespace cleft {

/// What an ilastik project holds, for people: version, classes with their colours and labels, features by
/// scales, forests, images.
/// \throws as read_ilastik_project
std::string describe_project(const std::filesystem::path& file);

}  // namespace cleft
