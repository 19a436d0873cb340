#include "threshold/ratios.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/narrow.hpp"

namespace cleft {
namespace {

// A step is the exponent and the first three bits of the fraction of a float.
constexpr unsigned fraction_bits = 23, step_bits = 3, dropped_bits = fraction_bits - step_bits;
constexpr float lowest_counted = 0x1p-8F;
constexpr std::uint32_t first_step = std::bit_cast<std::uint32_t>(lowest_counted) >> dropped_bits;

std::size_t step_of(float ratio) {
  if (!(ratio > lowest_counted)) return 0;
  const std::uint32_t step = (std::bit_cast<std::uint32_t>(ratio) >> dropped_bits) - first_step;
  return std::min(std::size_t{step}, RatioCounts::steps - 1);
}

double begin_of_step(std::size_t step) {
  return std::bit_cast<float>((narrow<std::uint32_t>(step) + first_step) << dropped_bits);
}

/// The largest of some numbers, none of which is negative: their bits are in the same order as they are, and
/// integers are compared side by side.
float largest(std::span<const float> values) {
  std::int32_t bits = 0;
  for (const float value : values) bits = std::max(bits, std::bit_cast<std::int32_t>(value));
  return std::bit_cast<float>(bits);
}

}  // namespace

void RatioCounts::add(float ratio) {
  ++counts_[step_of(ratio)];
  raise_to(ratio);
}

void RatioCounts::add(const RatioCounts& other) {
  for (std::size_t step = 0; step < steps; ++step) counts_[step] += other.counts_[step];
  raise_to(other.highest_);
}

std::optional<double> RatioCounts::reached_by(std::int64_t voxels) const {
  std::int64_t above = 0;
  for (std::size_t step = steps; step-- > 0;) {
    above += counts_[step];
    if (above >= voxels) return begin_of_step(step);
  }
  return std::nullopt;
}

template <class Stored>
float ratio_of(float smoothed, Stored stored, Background background) {
  const float b = background_of(smoothed, stored, background);
  return b > 0 ? smoothed / b : std::numeric_limits<float>::infinity();
}

template float ratio_of(float, std::uint8_t, Background);
template float ratio_of(float, float, Background);

template <class Stored>
float highest_ratio(const View3<const float>& smoothed, const View3<const Stored>& stored,
                    Background background) {
  const Extent extent = smoothed.extent();
  float highest = 0;
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const float* f = smoothed.row(z, y);
      if (background == Background::smoothed) {
        highest = std::max(highest, largest({f, to_size(extent.x)}));
      } else {
        const Stored* p = stored.row(z, y);
        for (std::int64_t x = 0; x < extent.x; ++x)
          if (f[x] > 0) highest = std::max(highest, ratio_of(f[x], p[x], background));
      }
    }
  // Of the smoothed background alone the ratio grows with f, also as it is rounded.
  return background == Background::smoothed && highest > 0 ? ratio_of(highest, Stored{}, background)
                                                           : highest;
}

template float highest_ratio(const View3<const float>&, const View3<const std::uint8_t>&, Background);
template float highest_ratio(const View3<const float>&, const View3<const float>&, Background);

}  // namespace cleft
