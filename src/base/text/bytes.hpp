#pragma once

#include <cstdint>
#include <string>

namespace cleft {

/// A number of bytes for people, in binary units: "0.5 MiB", "9.0 MiB", "1.5 TiB".
std::string bytes_text(std::int64_t bytes);

}  // namespace cleft
