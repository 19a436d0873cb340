#include "objects/judge/matching.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <map>
#include <optional>
#include <queue>
#include <utility>

#include "base/narrow.hpp"
#include "components/union_find.hpp"

namespace cleft {
namespace {

/// What a matched pair is worth beyond being a pair; compared part by part, added exactly.
struct Gain {
  std::int64_t overlap = 0;
  std::int64_t closeness = 0;

  friend auto operator<=>(const Gain&, const Gain&) = default;
  friend Gain operator+(const Gain& a, const Gain& b) {
    return {a.overlap + b.overlap, a.closeness + b.closeness};
  }
  friend Gain operator-(const Gain& a, const Gain& b) {
    return {a.overlap - b.overlap, a.closeness - b.closeness};
  }
};

Gain gain_of(const Candidate& c) {
  return {c.overlap, -std::llround(c.distance_nm * 1000.0)};
}

/// A detection or a truth object while a path to it is looked for.
struct Node {
  std::vector<std::size_t> candidates;  // detections: indices of those it is in
  std::optional<std::size_t> partner;   // index of the candidate that matches it
  std::optional<Gain> gain;             // of the best alternating path found that ends here
  std::size_t arrived_by = 0;           // truth objects: candidate the path ends with
};

/// Replaces numbers by their ranks 0 ... n - 1 among the distinct ones.
class Renumbering {
 public:
  explicit Renumbering(std::vector<std::size_t> numbers) : numbers_(std::move(numbers)) {
    std::sort(numbers_.begin(), numbers_.end());
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
  }
  std::size_t size() const { return numbers_.size(); }
  std::size_t operator()(std::size_t number) const {
    return to_size(std::lower_bound(numbers_.begin(), numbers_.end(), number) - numbers_.begin());
  }

 private:
  std::vector<std::size_t> numbers_;
};

/// One connected group of candidates.
class Group {
 public:
  explicit Group(const std::vector<Candidate>& candidates) : candidates_(candidates) {
    std::vector<std::size_t> detections, truths;
    for (const Candidate& c : candidates) {
      detections.push_back(c.detection);
      truths.push_back(c.truth);
    }
    const Renumbering detection_ranks(std::move(detections)), truth_ranks(std::move(truths));
    detections_.resize(detection_ranks.size());
    truths_.resize(truth_ranks.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      ends_.push_back({detection_ranks(candidates[i].detection), truth_ranks(candidates[i].truth)});
      detections_[ends_[i].detection].candidates.push_back(i);
    }
  }

  std::vector<Candidate> match() {
    while (Node* end = best_free_truth()) augment(*end);
    std::vector<Candidate> chosen;
    for (const Node& detection : detections_)
      if (detection.partner) chosen.push_back(candidates_[*detection.partner]);
    return chosen;
  }

 private:
  /// The unmatched truth object at the end of the alternating path of largest gain from an unmatched
  /// detection, or null. Bellman and Ford's relaxation with a queue: it ends, since a matching of largest
  /// gain for its size has no cycle that gains.
  Node* best_free_truth() {
    for (Node& truth : truths_) truth.gain.reset();
    for (std::size_t d = 0; d < detections_.size(); ++d) {
      detections_[d].gain = detections_[d].partner ? std::nullopt : std::optional(Gain{});
      if (detections_[d].gain) queue_.push(d);
    }
    for (; !queue_.empty(); queue_.pop())
      for (const std::size_t i : detections_[queue_.front()].candidates) relax(i);
    Node* best = nullptr;
    for (Node& truth : truths_)
      if (!truth.partner && truth.gain && (best == nullptr || *truth.gain > *best->gain)) best = &truth;
    return best;
  }

  /// Follows one candidate: from its detection to its truth object, and on from there to the detection that
  /// the truth object is matched with.
  void relax(std::size_t i) {
    const Node& from = detections_[ends_[i].detection];
    Node& to = truths_[ends_[i].truth];
    if (from.partner == i) return;
    const Gain gain = *from.gain + gain_of(candidates_[i]);
    if (to.gain && *to.gain >= gain) return;
    to.gain = gain;
    to.arrived_by = i;
    if (!to.partner) return;
    detections_[ends_[*to.partner].detection].gain = gain - gain_of(candidates_[*to.partner]);
    queue_.push(ends_[*to.partner].detection);
  }

  /// Matches along the path that ends at `end`: every second candidate of it is undone.
  void augment(Node& end) {
    Node* truth = &end;
    while (truth != nullptr) {
      const std::size_t taken = truth->arrived_by;
      Node& detection = detections_[ends_[taken].detection];
      Node* next = detection.partner ? &truths_[ends_[*detection.partner].truth] : nullptr;
      truth->partner = detection.partner = taken;
      truth = next;
    }
  }

  /// Where a candidate's detection and truth object stand in the group.
  struct Ends {
    std::size_t detection = 0, truth = 0;
  };

  const std::vector<Candidate>& candidates_;
  std::vector<Ends> ends_;
  std::vector<Node> detections_, truths_;
  std::queue<std::size_t> queue_;  // detections whose gain has grown
};

}  // namespace

std::vector<Candidate> match_one_to_one(std::size_t detections, std::size_t truths,
                                        std::span<const Candidate> candidates) {
  UnionFind<std::size_t> sets(detections + truths);
  for (const Candidate& c : candidates) sets.unite(c.detection, detections + c.truth);
  std::map<std::size_t, std::vector<Candidate>> groups;
  for (const Candidate& c : candidates) groups[sets.find(c.detection)].push_back(c);
  std::vector<Candidate> chosen;
  for (const auto& [root, group] : groups) {
    const auto matched = Group(group).match();
    chosen.insert(chosen.end(), matched.begin(), matched.end());
  }
  std::sort(chosen.begin(), chosen.end(),
            [](const Candidate& a, const Candidate& b) { return a.detection < b.detection; });
  return chosen;
}

}  // namespace cleft
