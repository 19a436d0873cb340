#include "base/text/bytes.hpp"

#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace cleft {

std::string bytes_text(std::int64_t bytes) {
  double count = static_cast<double>(bytes) / (1 << 20);
  std::size_t unit = 0;
  constexpr std::array units{"MiB", "GiB", "TiB", "PiB"};
  for (; count >= 1024 && unit + 1 < units.size(); ++unit) count /= 1024;
  return fmt::format("{:.1f} {}", count, units[unit]);
}

}  // namespace cleft
