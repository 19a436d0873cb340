#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/sections/stack_statement.hpp"
#include "io/sections/tiff_directory.hpp"

namespace cleft {

/// What the descriptions in a TIFF file say of all its pages (those that stand beside another one left out).
/// A description stands at the first of the pages that it is about.
/// \param name  Of the file, without folders.
/// \returns     Nothing when the file says nothing of its pages.
std::optional<StackStatement> tiff_statement(const std::string& name,
                                             const std::vector<TiffDirectory>& pages);

}  // namespace cleft
