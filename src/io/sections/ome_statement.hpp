#pragma once

#include <optional>
#include <string>

#include "io/sections/stack_statement.hpp"

namespace cleft {

/// Reads OME-XML: the sizes, the order of dimensions, where TiffData puts each page (also when the planes of
/// an image are spread over several files), and the physical size of a pixel.
/// \returns Nothing when the text is no OME-XML.
std::optional<StackStatement> read_ome_xml(const std::string& text, const DescribedFile& file);

}  // namespace cleft
