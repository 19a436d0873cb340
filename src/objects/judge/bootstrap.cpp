#include "objects/judge/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/narrow.hpp"
#include "base/random.hpp"

namespace cleft {
namespace {

/// As many objects as there are, drawn with replacement.
Agreement resampled(const Agreement& objects, Random& random) {
  const std::int64_t count = objects.matched + objects.false_found + objects.missed;
  Agreement drawn;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t object = random.below(narrow<std::uint32_t>(count));
    if (object < objects.matched)
      ++drawn.matched;
    else if (object < objects.matched + objects.false_found)
      ++drawn.false_found;
    else
      ++drawn.missed;
  }
  return drawn;
}

std::optional<Interval> interval_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  constexpr std::size_t tail = 40;  // one in 40 is 2.5 %
  const std::size_t k = std::max<std::size_t>((values.size() + 1) / tail, 1);
  return Interval{values[k - 1], values[values.size() - k]};
}

}  // namespace

AgreementIntervals bootstrap_intervals(const Agreement& objects, const BootstrapOptions& options) {
  std::vector<double> precision, recall, f1;
  const auto keep = [](std::vector<double>& values, const std::optional<double>& share) {
    if (share) values.push_back(*share);
  };
  for (int n = 0; n < options.resamplings; ++n) {
    Random random(options.seed, narrow<std::uint64_t>(n));
    const Agreement drawn = resampled(objects, random);
    keep(precision, drawn.precision());
    keep(recall, drawn.recall());
    keep(f1, drawn.f1());
  }
  return {interval_of(std::move(precision)), interval_of(std::move(recall)), interval_of(std::move(f1))};
}

double f1_standard_error(const Agreement& objects, const BootstrapOptions& options) {
  std::vector<double> values;
  for (int n = 0; n < options.resamplings; ++n) {
    Random random(options.seed, narrow<std::uint64_t>(n));
    if (const auto f1 = resampled(objects, random).f1()) values.push_back(*f1);
  }
  if (values.size() < 2) return 0;
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / narrow<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / narrow<double>(values.size() - 1));
}

}  // namespace cleft
