#include "objects/matching.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <map>
#include <optional>

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
  std::optional<std::size_t> partner;  // index of the candidate that matches it
  std::optional<Gain> gain;            // of the best alternating path found that ends here
  std::size_t arrived_by = 0;          // truth objects: candidate the path ends with
};

/// One connected group of candidates.
class Group {
 public:
  explicit Group(std::vector<Candidate> candidates) : candidates_(std::move(candidates)) {}

  std::vector<Candidate> match() {
    for (const Candidate& c : candidates_) {
      detections_[c.detection];
      truths_[c.truth];
    }
    while (Node* end = best_free_truth()) augment(*end);
    std::vector<Candidate> chosen;
    for (const auto& [detection, node] : detections_)
      if (node.partner) chosen.push_back(candidates_[*node.partner]);
    return chosen;
  }

 private:
  /// The unmatched truth object at the end of the alternating path of largest gain from an unmatched
  /// detection. Bellman and Ford's relaxation: it ends, since a matching of largest gain for its size has no
  /// cycle that gains.
  Node* best_free_truth() {
    for (auto& [index, node] : detections_) node.gain = node.partner ? std::nullopt : std::optional(Gain{});
    for (auto& [index, node] : truths_) node.gain.reset();
    for (bool improved = true; improved;) {
      improved = false;
      for (std::size_t i = 0; i < candidates_.size(); ++i) improved |= relax(i);
    }
    Node* best = nullptr;
    for (auto& [index, node] : truths_)
      if (!node.partner && node.gain && (best == nullptr || *node.gain > *best->gain)) best = &node;
    return best;
  }

  /// Follows one candidate: an unmatched one from its detection to its truth object, and on from there to the
  /// detection that the truth object is matched with.
  bool relax(std::size_t i) {
    const Candidate& c = candidates_[i];
    const Node& from = detections_.at(c.detection);
    Node& to = truths_.at(c.truth);
    if (!from.gain || from.partner == i) return false;
    const Gain gain = *from.gain + gain_of(c);
    if (to.gain && *to.gain >= gain) return false;
    to.gain = gain;
    to.arrived_by = i;
    if (to.partner) {
      const Candidate& undone = candidates_[*to.partner];
      detections_.at(undone.detection).gain = gain - gain_of(undone);
    }
    return true;
  }

  /// Matches along the path that ends at `end`: every second candidate of it is undone.
  void augment(Node& end) {
    Node* truth = &end;
    while (truth != nullptr) {
      const std::size_t taken = truth->arrived_by;
      Node& detection = detections_.at(candidates_[taken].detection);
      Node* next = detection.partner ? &truths_.at(candidates_[*detection.partner].truth) : nullptr;
      truth->partner = detection.partner = taken;
      truth = next;
    }
  }

  std::vector<Candidate> candidates_;
  std::map<std::size_t, Node> detections_, truths_;
};

}  // namespace

std::vector<Candidate> match_one_to_one(std::size_t detections, std::size_t truths,
                                        std::span<const Candidate> candidates) {
  UnionFind<std::size_t> sets(detections + truths);
  for (const Candidate& c : candidates) sets.unite(c.detection, detections + c.truth);
  std::map<std::size_t, std::vector<Candidate>> groups;
  for (const Candidate& c : candidates) groups[sets.find(c.detection)].push_back(c);
  std::vector<Candidate> chosen;
  for (auto& [root, group] : groups) {
    const auto matched = Group(std::move(group)).match();
    chosen.insert(chosen.end(), matched.begin(), matched.end());
  }
  std::sort(chosen.begin(), chosen.end(),
            [](const Candidate& a, const Candidate& b) { return a.detection < b.detection; });
  return chosen;
}

}  // namespace cleft
