#pragma once

#include <cstdint>
#include <optional>

#include "objects/judge/compare.hpp"

namespace cleft {

/// The ends of a confidence interval.
struct Interval {
  double low = 0, high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// How intervals are found: how often objects are drawn, and the seed of what is drawn.
struct BootstrapOptions {
  int resamplings = 1000;  ///< 0: no intervals; otherwise at least min_resamplings
  std::uint64_t seed = 1;

  static constexpr int min_resamplings = 100, max_resamplings = 1'000'000;
};

/// 95 % confidence intervals of the shares that an Agreement defines; nothing where a share is undefined.
struct AgreementIntervals {
  std::optional<Interval> precision, recall, f1;
};

/// By the percentile method (Efron & Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13). What
/// is drawn are objects, each with what has become of it: a matched pair, a false detection or a missed truth
/// object. As many as there are, with replacement; the shares are taken of each such sample, and of the B
/// values in order the kth smallest and the kth largest are the interval's ends, k = floor(0.025 (B + 1)).
/// A sample in which a share is undefined counts for that share in nothing.
///
/// That is how far a figure may lie from what more objects of the same kind would give. It knows nothing of
/// other volumes, of other strokes, or of errors of the truth. The same on every machine.
AgreementIntervals bootstrap_intervals(const Agreement& objects, const BootstrapOptions& options);

/// The standard error of F1 by the same resampling: the standard deviation of the F1 of the samples where it
/// is defined; 0 where there are fewer than two such. The same on every machine.
double f1_standard_error(const Agreement& objects, const BootstrapOptions& options);

}  // namespace cleft
