#pragma once

#include <filesystem>

namespace cleft {

/// Looks whether a file can be made where an output is to go, before the work that leads to it.
/// \throws InputError naming the output when it is no name of a file, or its folder does not exist; IoError
///         when that cannot be written to.
void check_output_folder(const std::filesystem::path& output);

}  // namespace cleft
