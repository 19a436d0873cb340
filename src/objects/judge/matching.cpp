#include "objects/judge/matching.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <functional>
#include <optional>
#include <queue>
#include <utility>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// What a choice costs, compared member by member. Integers, so that sums are exact.
struct Cost {
  std::int64_t unmatched = 0;   // detections without a truth object
  std::int64_t overlap = 0;     // negative
  std::int64_t picometres = 0;  // apart

  friend auto operator<=>(const Cost&, const Cost&) = default;
  friend Cost operator+(const Cost& a, const Cost& b) {
    return {a.unmatched + b.unmatched, a.overlap + b.overlap, a.picometres + b.picometres};
  }
  friend Cost operator-(const Cost& a, const Cost& b) {
    return {a.unmatched - b.unmatched, a.overlap - b.overlap, a.picometres - b.picometres};
  }
};

/// Of a detection that stays without a truth object.
constexpr Cost left_unmatched{1, 0, 0};

Cost cost_of(const Candidate& c) {
  return {0, -c.overlap, std::llround(c.distance_nm * 1000.0)};
}

/// The matching of least cost, detection by detection. Potentials keep what a candidate costs beyond them at
/// 0 or above, and at 0 where it is chosen; so the best change for one more detection, which takes a truth
/// object from another that takes it from a third and so on, is a shortest path and mostly a short one.
class Assignment {
 public:
  Assignment(std::size_t detections, std::size_t truths, std::span<const Candidate> candidates)
      : candidates_(candidates.begin(), candidates.end()), detections_(detections), truths_(truths) {
    std::ranges::sort(candidates_, {}, [](const Candidate& c) { return std::pair(c.detection, c.truth); });
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      Detection& detection = detections_[candidates_[i].detection];
      if (detection.begin == detection.end) detection.begin = i;
      detection.end = i + 1;
    }
  }

  /// Takes one more detection in; each once.
  void add(std::size_t d) {
    Detection& added = detections_[d];
    added.potential = left_unmatched;
    for (std::size_t i = added.begin; i < added.end; ++i)
      added.potential = std::min(added.potential, cost_of(candidates_[i]) - truth_of(i).potential);
    search(d);
    const auto taken = end_;
    for (const std::size_t t : reached_)
      if (truths_[t].settled) settle(truths_[t]);
    added.potential = added.potential + end_cost_;
    if (taken) {
      change_partners(*taken, d);
    } else if (loser_ != d) {
      const std::size_t lost = candidates_[*detections_[loser_].partner].truth;
      detections_[loser_].partner.reset();
      change_partners(lost, d);
    }
    for (const std::size_t t : reached_) truths_[t].reached = truths_[t].settled = false;
    reached_.clear();
  }

  /// The candidates that are chosen, in order of detection.
  std::vector<Candidate> chosen() const {
    std::vector<Candidate> result;
    for (const Detection& detection : detections_)
      if (detection.partner) result.push_back(candidates_[*detection.partner]);
    return result;
  }

 private:
  struct Detection {
    std::size_t begin = 0, end = 0;      // of its candidates
    std::optional<std::size_t> partner;  // the candidate that matches it
    Cost potential;
  };
  struct Truth {
    std::optional<std::size_t> partner;
    Cost potential;
    // During a search (Dijkstra 1959):
    bool reached = false, settled = false;
    Cost cost;                   // of the best path found to it, beyond the potentials
    std::size_t arrived_by = 0;  // candidate that the path ends with
  };
  struct Step {
    Cost cost;
    std::size_t truth;
    friend auto operator<=>(const Step&, const Step&) = default;
  };

  Truth& truth_of(std::size_t candidate) { return truths_[candidates_[candidate].truth]; }

  /// Finds where the path of least cost from detection `d` ends: at a truth object that is free (end_), or at
  /// a detection that is better left unmatched (loser_).
  void search(std::size_t d) {
    end_.reset();
    steps_ = {};
    loser_ = d;
    end_cost_ = left_unmatched - detections_[d].potential;
    go_on_from(d, {});
    while (!steps_.empty()) {
      const Step step = steps_.top();
      steps_.pop();
      Truth& truth = truths_[step.truth];
      if (truth.settled) continue;
      // Of paths that cost the same, the one that leaves most as it is.
      if (step.cost >= end_cost_) return;
      truth.settled = true;
      if (!truth.partner) {
        end_ = step.truth;
        end_cost_ = step.cost;
        return;
      }
      go_on_from(candidates_[*truth.partner].detection, step.cost);
    }
  }

  /// Extends a path that has reached a detection by each of its candidates, or ends it there.
  void go_on_from(std::size_t d, const Cost& cost) {
    const Detection& from = detections_[d];
    const Cost unmatched = cost + left_unmatched - from.potential;
    if (unmatched < end_cost_) {
      end_cost_ = unmatched;
      loser_ = d;
    }
    for (std::size_t i = from.begin; i < from.end; ++i) {
      Truth& to = truth_of(i);
      if (to.settled) continue;
      const Cost arrival = cost + cost_of(candidates_[i]) - from.potential - to.potential;
      if (to.reached && to.cost <= arrival) continue;
      if (!to.reached) reached_.push_back(candidates_[i].truth);
      to.reached = true;
      to.cost = arrival;
      to.arrived_by = i;
      steps_.push({arrival, candidates_[i].truth});
    }
  }

  /// Moves the potentials of a truth object that was passed, and of its partner, to where the path along it
  /// costs nothing beyond them.
  void settle(Truth& truth) {
    const Cost change = end_cost_ - truth.cost;
    truth.potential = truth.potential - change;
    if (!truth.partner) return;
    Cost& of_partner = detections_[candidates_[*truth.partner].detection].potential;
    of_partner = of_partner + change;
  }

  /// Along the path that ends at truth object `t`, each detection leaves its partner for the next one.
  void change_partners(std::size_t t, std::size_t first_detection) {
    while (true) {
      const std::size_t taken = truths_[t].arrived_by;
      const std::size_t d = candidates_[taken].detection;
      const auto left = std::exchange(detections_[d].partner, taken);
      truths_[t].partner = taken;
      if (d == first_detection) return;
      t = candidates_[*left].truth;
    }
  }

  std::vector<Candidate> candidates_;  // in order of detection, then truth
  std::vector<Detection> detections_;
  std::vector<Truth> truths_;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> steps_;
  std::vector<std::size_t> reached_;  // truth objects, by this search
  std::optional<std::size_t> end_;
  std::size_t loser_ = 0;
  Cost end_cost_;
};

}  // namespace

std::vector<Candidate> match_one_to_one(std::size_t detections, std::size_t truths,
                                        std::span<const Candidate> candidates) {
  Assignment assignment(detections, truths, candidates);
  for (std::size_t d = 0; d < detections; ++d) assignment.add(d);
  return assignment.chosen();
}

}  // namespace cleft
