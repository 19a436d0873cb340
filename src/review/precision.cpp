#include "review/precision.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/counted.hpp"

namespace cleft {
namespace {

constexpr double beyond_each_end = 0.025;

/// "; 2 unsure and 3 without a verdict count as wrong at the lower end and as right at the upper"; empty
/// where all are decided.
std::string open_text(const ReviewedPrecision& p) {
  if (p.unsure + p.unjudged == 0) return "";
  return fmt::format(
      "; {} unsure and {} without a verdict are in no share, and count as wrong at the lower end and as "
      "right "
      "at the upper",
      p.unsure, p.unjudged);
}

/// " (95 % interval 0.284-0.995)"; of all synapses " (0.400-0.800)", or nothing where all are decided.
std::string ends_text(const ReviewedPrecision& p) {
  if (p.is_sampled) return fmt::format(" (95 % interval {:.3f}-{:.3f})", p.interval.low, p.interval.high);
  if (p.unsure + p.unjudged == 0) return "";
  return fmt::format(" ({:.3f}-{:.3f})", p.interval.low, p.interval.high);
}

}  // namespace

Interval proportion_interval(std::int64_t right, std::int64_t of) {
  using Binomial = boost::math::binomial_distribution<double>;
  const auto trials = narrow<double>(of), successes = narrow<double>(right);
  return {right == 0 ? 0 : Binomial::find_lower_bound_on_p(trials, successes, beyond_each_end),
          right == of ? 1 : Binomial::find_upper_bound_on_p(trials, successes, beyond_each_end)};
}

ReviewedPrecision precision_of(std::span<const std::uint64_t> sample, const MergedReview& review,
                               std::int64_t synapses) {
  ReviewedPrecision found;
  found.is_sampled = std::ssize(sample) < synapses;
  for (const std::uint64_t id : sample) {
    const auto verdict = review.of(id);
    ++(!verdict                      ? found.unjudged
       : *verdict == Verdict::accept ? found.accepted
       : *verdict == Verdict::reject ? found.rejected
                                     : found.unsure);
  }
  const std::int64_t decided = found.accepted + found.rejected, open = found.unsure + found.unjudged;
  if (decided > 0) found.precision = narrow<double>(found.accepted) / narrow<double>(decided);
  const std::int64_t all = decided + open, at_most = found.accepted + open;
  found.interval = found.is_sampled ? Interval{proportion_interval(found.accepted, all).low,
                                               proportion_interval(at_most, all).high}
                                    : Interval{narrow<double>(found.accepted) / narrow<double>(all),
                                               narrow<double>(at_most) / narrow<double>(all)};
  return found;
}

std::string precision_text(const MergedReview& review, std::int64_t synapses) {
  if (synapses == 0) return "no precision: there is no synapse to judge";
  if (!review.sample)
    return fmt::format(
        "no precision: {}, which is no random sample of the {} (report.choose: sample makes one)",
        review.why_no_sample, counted(synapses, "synapse"));
  if (review.sample->empty())
    return fmt::format("no precision: none of the {} was chosen (report.max_objects)",
                       counted(synapses, "synapse"));
  const auto size = narrow<std::int64_t>(review.sample->size());
  const std::string of = size == synapses
                             ? fmt::format("all {}", counted(synapses, "synapse"))
                             : fmt::format("a random sample of {} of {}", size, counted(synapses, "synapse"));
  const ReviewedPrecision p = precision_of(*review.sample, review, synapses);
  if (!p.precision) return fmt::format("no precision: of {} none is accepted or rejected", of);
  return fmt::format("precision {:.3f}{}: {} of {} decided of {}{}", *p.precision, ends_text(p), p.accepted,
                     p.accepted + p.rejected, of, open_text(p));
}

}  // namespace cleft
