#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "objects/judge/bootstrap.hpp"
#include "review/review.hpp"

namespace cleft {

/// The exact 95 % confidence interval of a proportion (Clopper & Pearson 1934, "The use of confidence or
/// fiducial limits illustrated in the case of the binomial"): from the 2.5 % point of the beta distribution
/// of right, of - right + 1 to the 97.5 % point of that of right + 1, of - right; 0 at the lower end where
/// none is right, 1 at the upper where all are. It holds at its level for few objects, and where all or none
/// are right, of which resampling knows nothing.
/// \pre 0 <= right <= of, of > 0
Interval proportion_interval(std::int64_t right, std::int64_t of);

/// What all of a run's synapses, or a fair sample of them, say of its precision.
struct ReviewedPrecision {
  std::int64_t accepted = 0, rejected = 0;
  std::int64_t unsure = 0, unjudged = 0;  ///< looked at without an answer, and not looked at
  /// accepted / (accepted + rejected); nothing where neither is there.
  std::optional<double> precision{};
  bool is_sampled = false;  ///< not all synapses are in the sample
  /// Of the precision of all synapses, whatever those of the sample are that nobody has decided: the lower
  /// end is that if all of them are wrong, the upper that if all are right (bounds as of Manski 1989,
  /// "Anatomy of the selection problem"). One need not suppose that those are like the others that have been
  /// decided. Of a sample the ends are those of its proportion_interval; where all synapses are in it
  /// nothing is left to chance, and the ends are the bounds themselves.
  Interval interval{};
};

/// \param sample    Not empty.
/// \param synapses  How many the run has.
ReviewedPrecision precision_of(std::span<const std::uint64_t> sample, const MergedReview& review,
                               std::int64_t synapses);

/// One line for people: the precision with its interval, where there is something that is not known, and how
/// those count that nobody has decided; or why there is none.
/// \param synapses  How many the run has.
std::string precision_text(const MergedReview& review, std::int64_t synapses);

}  // namespace cleft
