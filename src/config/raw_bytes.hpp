#pragma once

#include <string>
#include <string_view>

namespace cleft {

// A path is bytes, YAML is UTF-8. While a text is YAML, each byte of it that is no UTF-8 stands there as a
// character of Unicode's last private plane, which no font and no keyboard has; so paths of any disk come
// through.

/// Replaces each byte that is no UTF-8 by its character.
std::string characters_for_bytes(std::string_view text);
/// Undoes characters_for_bytes.
std::string bytes_for_characters(std::string_view text);

}  // namespace cleft
