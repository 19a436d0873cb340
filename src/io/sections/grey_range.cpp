#include "io/sections/grey_range.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"

namespace cleft {

void scale_to_bytes(ElementType type, std::span<const std::byte> values, const GreyRange& range,
                    const std::string& subject, std::span<std::byte> out) {
  const double scale = 255 / (range.high - range.low);
  visit_type(type, [&](auto zero) {
    using T = decltype(zero);
    for (std::size_t i = 0; i < values.size() / sizeof(T); ++i) {
      T value;
      std::memcpy(&value, values.data() + i * sizeof(T), sizeof(T));
      const auto number = static_cast<double>(value);
      if (std::isnan(number))
        throw InputError({subject, "holds values that are no numbers (NaN)", "numbers"});
      const double scaled =
          std::clamp((std::clamp(number, range.low, range.high) - range.low) * scale, 0.0, 255.0);
      out[i] = static_cast<std::byte>(std::lround(scaled));
    }
  });
}

}  // namespace cleft
