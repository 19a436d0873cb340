#pragma once

#include <string_view>

namespace cleft {

/// Whether a text is valid UTF-8, as JSON, YAML and HDF5's texts must be: no stray or missing bytes, no
/// longer forms than needed, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace cleft
