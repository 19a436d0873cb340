#include "threshold/ratios.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/narrow.hpp"

namespace cleft {
namespace {

// The first step has also what is below all: ratios of 0.
constexpr int fine_steps = 16;

std::size_t coarse(RatioStep step) {
  return step == 0 ? 0 : std::min(std::size_t{(step - 1U) / fine_steps}, RatioCounts::steps - 1);
}

double begin_of_coarse(std::size_t step) {
  return begin_of(narrow<RatioStep>(step * fine_steps + 1));
}

/// The largest of some numbers, none of which is negative: their bits are in the same order as they are, and
/// integers are compared side by side.
float largest(std::span<const float> values) {
  std::int32_t bits = 0;
  for (const float value : values) bits = std::max(bits, std::bit_cast<std::int32_t>(value));
  return std::bit_cast<float>(bits);
}

}  // namespace

void RatioCounts::add(RatioStep step, float ratio) {
  ++counts_[coarse(step)];
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
    if (above >= voxels) return begin_of_coarse(step);
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
