#include "threshold/ratio_step.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "base/narrow.hpp"

namespace cleft {
namespace {

// A step is the exponent and the first seven bits of the fraction of a float.
constexpr unsigned dropped_bits = 23 - 7;
constexpr float lowest = 0x1p-8F;
constexpr std::uint32_t before_first = (std::bit_cast<std::uint32_t>(lowest) >> dropped_bits) - 1;

}  // namespace

float begin_of(RatioStep step) {
  assert(step <= last_ratio_step);
  return step == 0 ? 0.0F : std::bit_cast<float>((std::uint32_t{step} + before_first) << dropped_bits);
}

RatioStep ratio_step(float f, float b) {
  if (!(b > 0)) return f > 0 ? last_ratio_step : RatioStep{0};
  const float ratio = f / b;
  if (!(ratio >= lowest / 2)) return 0;
  // The quotient is rounded and so is the product: the step may be its neighbour.
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(std::min(ratio, 0x1p33F)) >> dropped_bits;
  std::uint32_t step =
      bits > before_first ? std::min<std::uint32_t>(bits - before_first, last_ratio_step) : 0;
  while (step > 0 && !(f > begin_of(narrow<RatioStep>(step)) * b)) --step;
  while (step < last_ratio_step && f > begin_of(narrow<RatioStep>(step + 1)) * b) ++step;
  return narrow<RatioStep>(step);
}

std::optional<RatioStep> step_beginning_at(double ratio) {
  const RatioStep step = first_step_from(ratio);
  if (step == 0 || double{begin_of(step)} != ratio) return std::nullopt;
  return step;
}

RatioStep first_step_from(double ratio) {
  if (!(ratio > 0)) return 0;
  RatioStep low = 1, high = last_ratio_step;  // the step sought is among them
  while (low < high) {
    const auto middle = narrow<RatioStep>((low + high) / 2);
    if (double{begin_of(middle)} >= ratio)
      high = middle;
    else
      low = narrow<RatioStep>(middle + 1);
  }
  return low;
}

}  // namespace cleft
