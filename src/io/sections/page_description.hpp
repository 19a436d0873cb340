#pragma once

#include <optional>
#include <string>

#include "io/sections/stack_statement.hpp"

namespace cleft {

/// Reads the description of a page: ImageJ's and SCIFIO's lists of key=value, tifffile's JSON of a shape, and
/// OME-XML.
/// \returns Nothing when it is another text.
std::optional<StackStatement> read_description(const std::string& text, const DescribedFile& file);

}  // namespace cleft
