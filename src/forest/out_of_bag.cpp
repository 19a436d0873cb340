#include "forest/out_of_bag.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "forest/tuning.hpp"

namespace cleft {

namespace {

/// Samples whose values are put side by side at a time: 64 KiB at 32 channels.
constexpr std::size_t rows_at_once = 512;

/// A leaf's fraction in steps of 2^-32.
std::int64_t vote_steps(float fraction) {
  return std::llround(std::ldexp(fraction, 32));
}

/// A tree whose nodes stand in one array.
class PackedTree {
 public:
  explicit PackedTree(const Forest& tree) : root_(tree.roots[0]), nodes_(tree.node_count()) {
    for (std::size_t n = 0; n < nodes_.size(); ++n)
      nodes_[n] = {tree.threshold[n], tree.channel[n], {tree.left[n], tree.right[n]}};
  }

  std::int32_t root() const { return root_; }
  int channel(std::int32_t node) const { return nodes_[to_size(node)].channel; }
  double threshold(std::int32_t node) const { return nodes_[to_size(node)].threshold; }
  /// Where a sample goes from a node.
  /// \param row  [channel] its values
  std::int32_t step(std::int32_t node, const float* row) const {
    const Node& at = nodes_[to_size(node)];
    const bool goes_right = !(static_cast<double>(row[at.channel]) < at.threshold);
    return at.child[static_cast<std::size_t>(goes_right)];
  }

 private:
  struct Node {
    double threshold;
    std::int32_t channel;
    std::int32_t child[2];  // NOLINT(modernize-avoid-c-arrays): chosen by a comparison, without a check
  };
  std::int32_t root_;
  std::vector<Node> nodes_;
};

/// Some samples' values, each sample's side by side: a walk then reads two cache lines in place of one for
/// each channel.
class SampleRows {
 public:
  SampleRows(const Samples& samples, std::span<const std::uint32_t> chosen)
      : samples_(samples),
        chosen_(chosen),
        channels_(to_size(samples.channel_count)),
        values_(chosen.size() * channels_) {
    for (int c = 0; c < samples.channel_count; ++c) {
      const float* const values = samples.channel(c).data();
      for (std::size_t i = 0; i < chosen.size(); ++i) row(i)[c] = values[chosen[i]];
    }
  }

  float* row(std::size_t position) { return values_.data() + position * channels_; }
  const float* row(std::size_t position) const { return values_.data() + position * channels_; }
  /// The value that a sample has, whatever was put into its row.
  float value(std::size_t position, int channel) const {
    return samples_.channel(channel)[chosen_[position]];
  }

 private:
  const Samples& samples_;
  std::span<const std::uint32_t> chosen_;
  std::size_t channels_;
  std::vector<float> values_;  // [position][channel]
};

/// Where a walk begins.
struct Start {
  std::uint32_t position;  // of the sample
  std::int32_t node;
};

/// Walks samples down to their leaves, some side by side.
/// \param visit  Called with the start and the leaf of each.
template <class Visit>
void walk(const PackedTree& tree, const SampleRows& rows, std::span<const Start> starts, const Visit& visit) {
  std::array<std::int32_t, forest::walks_together> at{};
  std::array<const float*, forest::walks_together> row{};
  for (std::size_t first = 0; first < starts.size(); first += at.size()) {
    const std::size_t count = std::min(at.size(), starts.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      at[k] = starts[first + k].node;
      row[k] = rows.row(starts[first + k].position);
    }
    for (bool any = true; any;) {
      any = false;
      for (std::size_t k = 0; k < count; ++k) {
        if (at[k] < 0) continue;
        at[k] = tree.step(at[k], row[k]);
        any = true;
      }
    }
    for (std::size_t k = 0; k < count; ++k) visit(starts[first + k], at[k]);
  }
}

/// Samples out of a tree's bag.
std::vector<std::uint32_t> not_drawn(const std::vector<std::uint32_t>& draws) {
  std::vector<std::uint32_t> outside;
  for (std::uint32_t s = 0; s < draws.size(); ++s)
    if (draws[s] == 0) outside.push_back(s);
  return outside;
}

/// Where a sample's walk first tests a channel, and the values of the channel with which it would end in the
/// same leaf: from `lowest` on and below `end`.
struct FirstTest {
  Start start;
  float lowest, end;
};

/// One tree and its out-of-bag samples. Permuting a channel changes nothing for a sample whose walk does not
/// test that channel, or whose new value passes every test of it on the same side, and nothing before the
/// node that tests it first. So these nodes are noted on the first walk, and the walks with permuted values
/// begin there.
class TreeOutOfBag {
 public:
  TreeOutOfBag(const Forest& tree, const Samples& samples, const std::vector<std::uint32_t>& draws)
      : tree_(tree),
        samples_(samples),
        outside_(not_drawn(draws)),
        packed_(tree),
        rows_(samples, outside_),
        first_tests_(to_size(samples.channel_count)) {
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

  void add_permutations(OutOfBag& sums, Random& random, const std::stop_token& stop) {
    std::vector<std::uint32_t> permuted(outside_.size());  // positions
    std::iota(permuted.begin(), permuted.end(), std::uint32_t{0});
    for (int channel = 0; channel < samples_.channel_count; ++channel) {
      const auto& tests = first_tests_[to_size(channel)];
      if (tests.empty()) continue;
      throw_if_stopped(stop);
      for (std::size_t i = permuted.size(); i > 1; --i)
        std::swap(permuted[i - 1], permuted[random.below(narrow<std::uint32_t>(i))]);
      change_values(channel, tests, permuted);
      std::int64_t lost = 0;
      walk(packed_, rows_, changed_, [&](const Start& start, std::int32_t leaf) {
        lost += right_[start.position] - is_right(start.position, leaf);
      });
      for (const auto [position, node] : changed_)
        rows_.row(position)[channel] = rows_.value(position, channel);
      sums.right_answers_lost[to_size(channel)] += lost;
    }
  }

 private:
  static constexpr std::uint32_t no_position = ~0U;

  int is_right(std::uint32_t position, std::int32_t leaf) const {
    const std::int32_t index = ~leaf;
    return answers_[to_size(index)] == samples_.labels[outside_[position]] ? 1 : 0;
  }

  std::int32_t first_walk(std::uint32_t position, std::vector<std::uint32_t>& last_tested_by) {
    constexpr float infinite = std::numeric_limits<float>::infinity();
    const float* const row = rows_.row(position);
    std::int32_t at = packed_.root();
    while (at >= 0) {
      const auto channel = to_size(packed_.channel(at));
      auto& tests = first_tests_[channel];
      if (last_tested_by[channel] != position) tests.push_back({{position, at}, -infinite, infinite});
      last_tested_by[channel] = position;
      const auto threshold = static_cast<float>(packed_.threshold(at));  // grown trees have floats
      if (row[channel] < threshold)
        tests.back().end = std::min(tests.back().end, threshold);
      else
        tests.back().lowest = std::max(tests.back().lowest, threshold);
      at = packed_.step(at, row);
    }
    return at;
  }

  /// Gives the permuted values to the samples that may end in another leaf with them, and notes these.
  void change_values(int channel, const std::vector<FirstTest>& tests,
                     const std::vector<std::uint32_t>& permuted) {
    changed_.resize(tests.size());
    std::size_t count = 0;
    for (const auto& [start, lowest, end] : tests) {
      const float value = rows_.value(permuted[start.position], channel);
      if (value >= lowest && value < end) continue;
      rows_.row(start.position)[channel] = value;
      changed_[count++] = start;
    }
    changed_.resize(count);
  }

  const Forest& tree_;
  const Samples& samples_;
  std::vector<std::uint32_t> outside_;  // samples out of bag
  PackedTree packed_;
  SampleRows rows_;                                  // of outside_
  std::vector<std::uint8_t> answers_;                // [leaf] class with the largest fraction
  std::vector<int> right_;                           // [position] 1 = the tree answers rightly
  std::vector<std::vector<FirstTest>> first_tests_;  // [channel]
  std::vector<Start> changed_;                       // scratch of one channel
};

}  // namespace

OutOfBag::OutOfBag(const Samples& samples)
    : votes(samples.count() * to_size(samples.class_count)),
      right_answers_lost(to_size(samples.channel_count)),
      votes_without_stroke(samples.strokes.empty() ? 0 : votes.size()) {}

void add_votes(std::vector<std::int64_t>& votes, const Forest& tree, const Samples& samples,
               std::span<const std::uint32_t> judged) {
  const auto classes = to_size(tree.class_count);
  const PackedTree packed(tree);
  std::vector<Start> starts;
  for (std::size_t first = 0; first < judged.size(); first += rows_at_once) {
    const auto some = judged.subspan(first, std::min(rows_at_once, judged.size() - first));
    const SampleRows rows(samples, some);
    starts.clear();
    for (std::uint32_t position = 0; position < some.size(); ++position)
      starts.push_back({position, packed.root()});
    walk(packed, rows, starts, [&](const Start& start, std::int32_t leaf) {
      for (std::size_t c = 0; c < classes; ++c)
        votes[some[start.position] * classes + c] += vote_steps(tree.fractions(leaf)[c]);
    });
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
