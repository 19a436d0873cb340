#pragma once

#include <CLI/CLI.hpp>

#include "base/error.hpp"

namespace cleft {

/// What is wrong with a command line that CLI11 refused, in the words of the line: a mistyped command or
/// option is named with the nearest known one, whatever else is wrong beside it.
InputError usage_error(const CLI::App& app, const CLI::ParseError& error);

/// Refuses an option whose value looks like another option (`--output --voxel-size 5 5 5`), so that a typo
/// never becomes a file name. Negative numbers are values.
/// \throws InputError
void refuse_options_as_values(const CLI::App& app);

}  // namespace cleft
