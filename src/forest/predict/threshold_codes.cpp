#include "forest/predict/threshold_codes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "forest/predict/threshold_codes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/narrow.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Spread::bucket_of for a vector; NaN counts as 0.
template <class D>
HWY_INLINE auto buckets_of(D d, const ThresholdCodes::Spread& spread, hn::Vec<D> values) {
  const hn::Rebind<std::int32_t, D> di;
  const hn::Rebind<std::uint32_t, D> du;
  const auto x = hn::IfThenZeroElse(hn::IsNaN(values), values);
  if (!spread.by_bits) {
    const auto place = hn::Mul(hn::Sub(x, hn::Set(d, spread.least)), hn::Set(d, spread.scale));
    const auto last = hn::Set(d, narrow<float>(spread.buckets - 1));
    return hn::ConvertTo(di, hn::Min(hn::Max(place, hn::Zero(d)), last));
  }
  const auto bits = hn::BitCast(di, hn::Add(x, hn::Zero(d)));  // both zeros are one
  const auto order = hn::Xor(bits, hn::And(hn::BroadcastSignBit(bits), hn::Set(di, 0x7fffffff)));
  const auto least = hn::Set(di, spread.min_bits), most = hn::Set(di, spread.max_bits);
  const auto above = hn::BitCast(du, hn::Sub(hn::Min(hn::Max(order, least), most), least));
  return hn::BitCast(di, hn::ShiftRightSame(above, spread.shift));
}

/// The code of one value: its bucket's first thresholds are compared with it all at once, and rarely more.
HWY_INLINE std::int16_t code_of(const ThresholdCodes::Tables& tables, float value, std::int32_t bucket) {
  const hn::CappedTag<float, ThresholdCodes::compared_at_once> d;
  const auto x = hn::Set(d, value);
  std::size_t code = tables.first[to_size(bucket)];
  std::size_t below = 0;
  do {
    below = hn::CountTrue(d, hn::Le(hn::LoadU(d, tables.thresholds.data() + code), x));
    code += below;
  } while (below == hn::Lanes(d));
  return narrow<std::int16_t>(narrow<int>(code) + ThresholdCodes::min_code);
}

/// \returns Whether there is a NaN.
bool encode_row(const ThresholdCodes::Tables& tables, std::span<const float> values,
                std::span<std::int16_t> codes) {
  constexpr std::size_t at_once = 64;
  const hn::CappedTag<float, at_once> d;
  const hn::Rebind<std::int32_t, decltype(d)> di;
  HWY_ALIGN float padded[at_once];
  HWY_ALIGN std::int32_t buckets[at_once];
  bool some_nan = false;
  for (std::size_t begin = 0; begin < values.size(); begin += at_once) {
    const std::size_t count = std::min(at_once, values.size() - begin);
    const float* from = values.data() + begin;
    if (count < at_once) {
      std::fill(std::copy_n(from, count, padded), std::end(padded), 0.0F);
      from = padded;
    }
    for (std::size_t i = 0; i < at_once; i += hn::Lanes(d)) {
      const auto x = hn::LoadU(d, from + i);
      some_nan |= !hn::AllFalse(d, hn::IsNaN(x));
      hn::Store(buckets_of(d, tables.spread, x), di, buckets + i);
    }
    for (std::size_t i = 0; i < count; ++i) codes[begin + i] = code_of(tables, from[i], buckets[i]);
  }
  return some_nan;
}

}  // namespace
}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft {
namespace {

HWY_EXPORT(encode_row);

constexpr std::size_t max_buckets = 32768;

/// Signed numbers in the order of the floats; both zeros are one.
std::int32_t ordered_bits(float value) {
  const auto bits = std::bit_cast<std::int32_t>(value + 0.0F);
  return bits < 0 ? bits ^ 0x7fffffff : bits;
}

ThresholdCodes::Spread spread_by_bits(float least, float most, std::int32_t wanted) {
  ThresholdCodes::Spread spread;
  spread.by_bits = true;
  spread.min_bits = ordered_bits(least);
  spread.max_bits = ordered_bits(most);
  const auto range = narrow<std::uint32_t>(std::int64_t{spread.max_bits} - spread.min_bits);
  while (range >> narrow<unsigned>(spread.shift) >= narrow<std::uint32_t>(wanted)) ++spread.shift;
  spread.buckets = static_cast<std::int32_t>(range >> narrow<unsigned>(spread.shift)) + 1;
  return spread;
}

ThresholdCodes::Spread spread_by_value(float least, float most, std::int32_t wanted) {
  ThresholdCodes::Spread spread;
  spread.least = least;
  spread.scale = narrow<float>(wanted - 1) / (most - least);
  spread.buckets = wanted;
  return spread;
}

/// \returns [bucket] how many thresholds are in the buckets before it.
std::vector<std::uint16_t> firsts(const ThresholdCodes::Spread& spread, std::span<const float> thresholds) {
  std::vector<std::uint16_t> first(to_size(spread.buckets));
  std::size_t t = 0;
  for (std::int32_t b = 0; b < spread.buckets; ++b) {
    while (t < thresholds.size() && spread.bucket_of(thresholds[t]) < b) ++t;
    first[to_size(b)] = narrow<std::uint16_t>(t);
  }
  return first;
}

/// \returns How many are left.
std::size_t sort_unique(std::vector<float>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values.size();
}

/// How many comparisons values that are spread like the thresholds take.
double cost(const std::vector<std::uint16_t>& first, std::size_t count) {
  double sum = 0;
  for (std::size_t b = 0; b < first.size(); ++b) {
    const auto in_bucket = narrow<double>((b + 1 < first.size() ? first[b + 1] : count) - first[b]);
    sum += in_bucket * std::ceil((in_bucket + 1) / ThresholdCodes::compared_at_once);
  }
  return sum;
}

}  // namespace

float float_threshold(double threshold) {
  const auto nearest = static_cast<float>(threshold);
  if (static_cast<double>(nearest) >= threshold) return nearest;
  return std::nextafter(nearest, std::numeric_limits<float>::infinity());
}

std::int32_t ThresholdCodes::Spread::bucket_of(float x) const {
  if (by_bits) {
    const std::int32_t inside = std::clamp(ordered_bits(x), min_bits, max_bits);
    const auto above = narrow<std::uint32_t>(std::int64_t{inside} - min_bits);
    return static_cast<std::int32_t>(above >> narrow<unsigned>(shift));
  }
  return static_cast<std::int32_t>(std::clamp((x - least) * scale, 0.0F, narrow<float>(buckets - 1)));
}

ThresholdCodes::ThresholdCodes(std::vector<float> thresholds) : count_(sort_unique(thresholds)) {
  choose_spread(thresholds);
  thresholds.insert(thresholds.end(), compared_at_once, std::numeric_limits<float>::quiet_NaN());
  tables_.thresholds = std::move(thresholds);
}

void ThresholdCodes::choose_spread(std::span<const float> thresholds) {
  tables_.first = {0};
  if (thresholds.empty()) return;
  const auto wanted = narrow<std::int32_t>(std::min(std::bit_ceil(thresholds.size()), max_buckets));
  const float least = thresholds.front(), most = thresholds.back();
  tables_.spread = spread_by_bits(least, most, wanted);
  tables_.first = firsts(tables_.spread, thresholds);
  const Spread by_value = spread_by_value(least, most, wanted);
  if (!std::isnormal(by_value.scale) || !std::isfinite(least)) return;
  auto first = firsts(by_value, thresholds);
  if (cost(first, count_) > cost(tables_.first, count_)) return;
  tables_.spread = by_value;
  tables_.first = std::move(first);
}

std::int16_t ThresholdCodes::rank_of(float threshold) const {
  const auto end = tables_.thresholds.begin() + narrow<std::ptrdiff_t>(count_);
  const auto rank = std::lower_bound(tables_.thresholds.begin(), end, threshold) - tables_.thresholds.begin();
  return narrow<std::int16_t>(narrow<int>(rank) + min_code);
}

bool ThresholdCodes::encode(std::span<const float> values, std::span<std::int16_t> codes) const {
  return HWY_DYNAMIC_DISPATCH(encode_row)(tables_, values, codes);
}

}  // namespace cleft
#endif  // HWY_ONCE
