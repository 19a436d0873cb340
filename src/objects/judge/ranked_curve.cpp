#include "objects/judge/ranked_curve.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

double comparable(double rank) {
  return std::isnan(rank) ? -std::numeric_limits<double>::infinity() : rank;
}

/// Detections from the highest rank to the lowest, those of one rank in their own order.
std::vector<std::size_t> by_rank(std::span<const double> ranks) {
  std::vector<std::size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return comparable(ranks[a]) > comparable(ranks[b]); });
  return order;
}

/// [place in `order`] whether one pair more can be matched with that detection than without it and those
/// behind it. match_one_to_one takes detections in order, and where pairs are all equally good a detection
/// stays unmatched if it would only take the place of an earlier one: what is matched in the end is what has
/// added a pair.
std::vector<bool> adds_a_pair(const Comparison& comparison, const std::vector<std::size_t>& order,
                              std::size_t truths) {
  std::vector<std::size_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  std::vector<Candidate> equally_good;
  equally_good.reserve(comparison.candidates.size());
  for (const Candidate& c : comparison.candidates)
    equally_good.push_back({place[c.detection], c.truth, 0, 0});
  std::vector<bool> adds(order.size());
  for (const Candidate& c : match_one_to_one(order.size(), truths, equally_good)) adds[c.detection] = true;
  return adds;
}

double average_precision_of(const RankedCurve& curve) {
  double sum = 0, recall_before = 0;
  for (const RankedCurve::Point& point : curve.points) {
    const double recall = point.agreement.recall().value_or(0);
    sum += (recall - recall_before) * point.agreement.precision().value_or(0);
    recall_before = recall;
  }
  return sum;
}

std::string cell(const std::optional<double>& share) {
  return share ? fmt::format("{}", *share) : "";
}

}  // namespace

const RankedCurve::Point* RankedCurve::best() const {
  const Point* best = nullptr;
  for (const Point& point : points)
    if (const auto f1 = point.agreement.f1(); f1 && (best == nullptr || *f1 > *best->agreement.f1()))
      best = &point;
  return best;
}

RankedCurve ranked_curve(const Comparison& comparison, std::span<const double> ranks,
                         std::span<const Reach> reach) {
  const Agreement all = comparison.agreement();
  const std::int64_t to_find = all.matched + all.missed;
  std::size_t truths = 0;
  for (const Candidate& c : comparison.candidates) truths = std::max(truths, c.truth + 1);
  const auto order = by_rank(ranks);
  const auto adds = adds_a_pair(comparison, order, truths);
  const auto is_false = [&](std::size_t detection) {
    const bool excused = !comparison.excused.empty() && comparison.excused[detection];
    return !excused && (reach.empty() || !reach[detection].mostly_outside());
  };
  RankedCurve curve;
  curve.truths = to_find;
  Agreement so_far{0, 0, to_find};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (adds[i]) {
      ++so_far.matched;
      --so_far.missed;
    } else if (is_false(order[i])) {
      ++so_far.false_found;
    }
    const double rank = ranks[order[i]];
    const bool is_last = i + 1 == order.size() || comparable(ranks[order[i + 1]]) != comparable(rank);
    if (is_last) curve.points.push_back({rank, so_far});
  }
  if (to_find > 0) curve.average_precision = average_precision_of(curve);
  return curve;
}

std::string curve_csv(const RankedCurve& curve) {
  std::string text = fmt::format("{},{}\n", curve.rank, curve_columns);
  for (const auto& [rank, agreement] : curve.points)
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{},{}\n", rank,
                   agreement.matched + agreement.false_found, agreement.matched, agreement.false_found,
                   agreement.missed, cell(agreement.precision()), cell(agreement.recall()),
                   cell(agreement.f1()));
  return text;
}

}  // namespace cleft
