#include "forest/out_of_bag.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/narrow.hpp"
#include "base/stopped.hpp"

namespace cleft {

namespace {

/// A leaf's fraction in steps of 2^-32.
std::int64_t vote_steps(float fraction) {
  return std::llround(std::ldexp(fraction, 32));
}

/// One tree and its out-of-bag samples. Permuting a channel changes nothing for a sample whose walk does not
/// test that channel, and nothing before the node that tests it first. So these nodes are noted on the first
/// walk, and the walks with permuted values begin there.
class TreeOutOfBag {
 public:
  TreeOutOfBag(const Forest& tree, const Samples& samples, const std::vector<std::uint32_t>& draws)
      : tree_(tree), samples_(samples), first_tests_(to_size(samples.channel_count)) {
    for (std::uint32_t s = 0; s < draws.size(); ++s)
      if (draws[s] == 0) outside_.push_back(s);
    const auto classes = to_size(tree.class_count);
    for (std::size_t leaf = 0; leaf < tree.leaf_count(); ++leaf) {
      const auto* fractions = tree.leaf_fractions.data() + leaf * classes;
      answers_.push_back(narrow<std::uint8_t>(std::max_element(fractions, fractions + classes) - fractions));
    }
  }

  void add_votes(OutOfBag& sums) {
    const auto classes = to_size(tree_.class_count);
    std::vector<std::uint32_t> last_tested_by(first_tests_.size(), no_position);
    for (std::uint32_t i = 0; i < outside_.size(); ++i) {
      const std::int32_t leaf = first_walk(i, last_tested_by);
      right_.push_back(is_right(i, leaf));
      for (std::size_t c = 0; c < classes; ++c)
        sums.votes[outside_[i] * classes + c] += vote_steps(tree_.fractions(leaf)[c]);
    }
    sums.answers += narrow<std::int64_t>(outside_.size());
  }

  void add_permutations(OutOfBag& sums, Random& random, const std::stop_token& stop) const {
    std::vector<std::uint32_t> permuted = outside_;
    for (int channel = 0; channel < samples_.channel_count; ++channel) {
      const auto& tests = first_tests_[to_size(channel)];
      if (tests.empty()) continue;
      throw_if_stopped(stop);
      for (std::size_t i = permuted.size(); i > 1; --i)
        std::swap(permuted[i - 1], permuted[random.below(narrow<std::uint32_t>(i))]);
      const float* values = samples_.channel(channel).data();
      std::int64_t lost = 0;
      for (const auto [position, node] : tests) {
        const std::int32_t leaf = permuted_walk(node, position, channel, values[permuted[position]]);
        lost += right_[position] - is_right(position, leaf);
      }
      sums.right_answers_lost[to_size(channel)] += lost;
    }
  }

 private:
  static constexpr std::uint32_t no_position = ~0U;

  struct FirstTest {
    std::uint32_t position;  // in outside_
    std::int32_t node;
  };

  int is_right(std::uint32_t position, std::int32_t leaf) const {
    const std::int32_t index = ~leaf;
    return answers_[to_size(index)] == samples_.labels[outside_[position]] ? 1 : 0;
  }

  std::int32_t step(std::size_t node, float value) const {
    return static_cast<double>(value) < tree_.threshold[node] ? tree_.left[node] : tree_.right[node];
  }

  std::int32_t first_walk(std::uint32_t position, std::vector<std::uint32_t>& last_tested_by) {
    std::int32_t at = tree_.roots[0];
    while (at >= 0) {
      const auto node = to_size(at);
      const auto channel = to_size(tree_.channel[node]);
      if (last_tested_by[channel] != position) first_tests_[channel].push_back({position, at});
      last_tested_by[channel] = position;
      at = step(node, samples_.values[channel * samples_.count() + outside_[position]]);
    }
    return at;
  }

  std::int32_t permuted_walk(std::int32_t at, std::uint32_t position, int permuted_channel,
                             float value) const {
    while (at >= 0) {
      const auto node = to_size(at);
      const int channel = tree_.channel[node];
      at = step(node, channel == permuted_channel ? value : samples_.channel(channel)[outside_[position]]);
    }
    return at;
  }

  const Forest& tree_;
  const Samples& samples_;
  std::vector<std::uint32_t> outside_;               // samples out of bag
  std::vector<std::uint8_t> answers_;                // [leaf] class with the largest fraction
  std::vector<int> right_;                           // [position] 1 = the tree answers rightly
  std::vector<std::vector<FirstTest>> first_tests_;  // [channel]
};

}  // namespace

OutOfBag::OutOfBag(const Samples& samples)
    : votes(samples.count() * to_size(samples.class_count)),
      right_answers_lost(to_size(samples.channel_count)),
      votes_without_stroke(samples.strokes.empty() ? 0 : votes.size()) {}

void add_votes(std::vector<std::int64_t>& votes, const Forest& tree, const Samples& samples,
               std::span<const std::uint32_t> judged) {
  const auto classes = to_size(tree.class_count);
  for (const std::uint32_t s : judged) {
    std::int32_t at = tree.roots[0];
    while (at >= 0) {
      const auto node = to_size(at);
      const float value = samples.channel(tree.channel[node])[s];
      at = static_cast<double>(value) < tree.threshold[node] ? tree.left[node] : tree.right[node];
    }
    for (std::size_t c = 0; c < classes; ++c) votes[s * classes + c] += vote_steps(tree.fractions(at)[c]);
  }
}

void add_tree(OutOfBag& sums, const Forest& tree, const Samples& samples,
              const std::vector<std::uint32_t>& draws, Random& random, const std::stop_token& stop) {
  throw_if_stopped(stop);
  TreeOutOfBag part(tree, samples, draws);
  part.add_votes(sums);
  part.add_permutations(sums, random, stop);
}

void add(OutOfBag& sums, const OutOfBag& more) {
  const auto plus = std::plus<>();
  std::transform(sums.votes.begin(), sums.votes.end(), more.votes.begin(), sums.votes.begin(), plus);
  std::transform(sums.right_answers_lost.begin(), sums.right_answers_lost.end(),
                 more.right_answers_lost.begin(), sums.right_answers_lost.begin(), plus);
  std::transform(sums.votes_without_stroke.begin(), sums.votes_without_stroke.end(),
                 more.votes_without_stroke.begin(), sums.votes_without_stroke.begin(), plus);
  sums.answers += more.answers;
}

}  // namespace cleft
