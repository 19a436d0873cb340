#include "report/contrast.hpp"

#include <algorithm>
#include <cmath>

#include "base/narrow.hpp"

namespace cleft {

std::uint8_t Contrast::operator()(float value) const {
  const float share = (value - black) / (white - black);
  return narrow<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0F, 1.0F)));
}

Contrast contrast_of(std::vector<float> values) {
  std::erase_if(values, [](float value) { return !std::isfinite(value); });
  if (values.empty()) return {};
  constexpr double cut = 0.003;
  const auto at = [&](double share) {
    const auto place = std::lround(share * narrow<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + place, values.end());
    return values[to_size(place)];
  };
  const Contrast contrast{at(cut), at(1 - cut)};
  if (contrast.black < contrast.white) return contrast;
  return {contrast.black - 0.5F - std::abs(contrast.black) / 1024,
          contrast.black + 0.5F + std::abs(contrast.black) / 1024};
}

}  // namespace cleft
