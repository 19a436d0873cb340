#include "forest/train/grow_tree.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/narrow.hpp"
#include "base/stopped.hpp"

namespace cleft::forest {

namespace {

/// A float t with below < t <= above: halfway where that is one.
float threshold_between(float below, float above) {
  const auto half = static_cast<float>((static_cast<double>(below) + static_cast<double>(above)) / 2);
  return half > below ? half : above;  // neighbouring floats, and infinities, have no float between them
}

struct Split {
  double purity = -1;  // sum over both children of (sum of squared class counts) / draws; higher is purer
  int channel = -1;
  std::size_t left_samples = 0;  // how many of the channel's order go left
  float threshold = 0;

  bool found() const { return channel >= 0; }
};

/// Grows one tree depth first. Invariant: a pending node has the samples [begin, end) of every channel's
/// order, the same samples in each channel, ascending by that channel's value.
class Grower {
 public:
  Grower(const Samples& samples, const SortedChannels& sorted, const std::vector<std::uint32_t>& draws,
         int min_leaf, Random& random, const std::stop_token& stop)
      : samples_(samples), min_leaf_(min_leaf), random_(random), stop_(stop), classes_(samples.class_count) {
    drawn_.resize(samples.count());
    for (std::size_t s = 0; s < drawn_.size(); ++s) drawn_[s] = {draws[s], samples.labels[s]};
    bagged_ = samples.count() - to_size(std::count(draws.begin(), draws.end(), 0U));
    for (int c = 0; c < samples.channel_count; ++c)
      for (const std::uint32_t s : sorted.order(c))
        if (draws[s] > 0) orders_.push_back(s);
    right_going_.resize(bagged_);
    goes_left_.resize(samples.count());
    channels_.resize(to_size(samples.channel_count));
    std::iota(channels_.begin(), channels_.end(), 0);
    tree_.channel_count = samples.channel_count;
    tree_.class_count = samples.class_count;
  }

  Forest grow() {
    push_root();
    while (!pending_.empty()) {
      throw_if_stopped(stop_);
      const Pending node = pending_.back();
      pending_.pop_back();
      counts_.assign(pending_counts_.end() - classes_, pending_counts_.end());
      pending_counts_.resize(pending_counts_.size() - counts_.size());
      const Split split = is_leaf(counts_) ? Split{} : find_split(node);
      if (split.found())
        link(node, add_node(node, split));
      else
        link(node, add_leaf());
    }
    return std::move(tree_);
  }

 private:
  using Counts = std::vector<std::int64_t>;  // [class] draws

  struct Drawn {
    std::uint32_t draws, label;
  };
  struct Pending {
    std::size_t begin, end;
    std::int32_t parent;  // -1: the root
    bool is_right;
  };

  const std::uint32_t* order(int channel) const { return orders_.data() + to_size(channel) * bagged_; }
  std::uint32_t* order(int channel) { return orders_.data() + to_size(channel) * bagged_; }

  void push(const Pending& node, const Counts& counts) {
    pending_.push_back(node);
    pending_counts_.insert(pending_counts_.end(), counts.begin(), counts.end());
  }

  void push_root() {
    Counts counts(to_size(classes_));
    for (const Drawn& d : drawn_) counts[d.label] += d.draws;
    push({0, bagged_, -1, false}, counts);
  }

  bool is_leaf(const Counts& counts) const {
    const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    return total < 2 * std::int64_t{min_leaf_} || *std::max_element(counts.begin(), counts.end()) == total;
  }

  Split find_split(const Pending& node) {
    const auto candidates = static_cast<std::size_t>(std::sqrt(narrow<double>(channels_.size())));
    Split best;
    for (std::size_t k = 0; k < channels_.size() && (k < candidates || !best.found()); ++k) {
      std::swap(channels_[k], channels_[k + random_.below(narrow<std::uint32_t>(channels_.size() - k))]);
      improve(best, node, channels_[k]);
    }
    return best;
  }

  /// Tries every threshold between different values of one channel, in ascending order: sample by sample,
  /// counts move from the right child to the left one.
  void improve(Split& best, const Pending& node, int channel) {
    const std::uint32_t* sample = order(channel);
    const float* value = samples_.channel(channel).data();
    left_.assign(counts_.size(), 0);
    right_ = counts_;
    std::int64_t left_draws = 0, right_draws = 0, left_squares = 0, right_squares = 0;
    for (const std::int64_t n : counts_) {
      right_draws += n;
      right_squares += n * n;
    }
    for (std::size_t i = node.begin; i + 1 < node.end; ++i) {
      const auto [draws, label] = drawn_[sample[i]];
      left_squares += draws * (2 * left_[label] + draws);
      right_squares -= draws * (2 * right_[label] - draws);
      left_[label] += draws;
      right_[label] -= draws;
      left_draws += draws;
      right_draws -= draws;
      const float here = value[sample[i]], next = value[sample[i + 1]];
      if (!(here < next) || left_draws < min_leaf_ || right_draws < min_leaf_) continue;
      const double purity = static_cast<double>(left_squares) / static_cast<double>(left_draws) +
                            static_cast<double>(right_squares) / static_cast<double>(right_draws);
      if (purity > best.purity) best = {purity, channel, i + 1 - node.begin, threshold_between(here, next)};
    }
  }

  std::int32_t add_node(const Pending& node, const Split& split) {
    const auto id = narrow<std::int32_t>(tree_.node_count());
    tree_.channel.push_back(split.channel);
    tree_.threshold.push_back(static_cast<double>(split.threshold));
    tree_.left.push_back(0);
    tree_.right.push_back(0);
    const std::size_t middle = node.begin + split.left_samples;
    mark_sides(node, split.channel, middle);
    // Leaves need class counts only, not their samples in order.
    if (!is_leaf(left_) || !is_leaf(right_)) partition_orders(node, split.channel);
    push({middle, node.end, id, true}, right_);
    push({node.begin, middle, id, false}, left_);
    return id;
  }

  /// Notes which child each sample goes to, and sets left_ and right_ to the children's class counts.
  void mark_sides(const Pending& node, int channel, std::size_t middle) {
    const std::uint32_t* sample = order(channel);
    left_.assign(counts_.size(), 0);
    right_ = counts_;
    for (std::size_t i = node.begin; i < middle; ++i) {
      const auto [draws, label] = drawn_[sample[i]];
      left_[label] += draws;
      right_[label] -= draws;
      goes_left_[sample[i]] = 1;
    }
    for (std::size_t i = middle; i < node.end; ++i) goes_left_[sample[i]] = 0;
  }

  /// Divides every channel's order among the children. Stable, so that both parts stay sorted. Branch-free:
  /// each sample is stored on both sides, and only the side that it belongs to advances.
  void partition_orders(const Pending& node, int split_channel) {
    for (int c = 0; c < samples_.channel_count; ++c) {
      if (c == split_channel) continue;  // its order is divided already
      std::uint32_t* const samples = order(c);
      std::size_t lefts = node.begin, rights = 0;
      for (std::size_t i = node.begin; i < node.end; ++i) {
        const std::uint32_t s = samples[i];
        samples[lefts] = s;
        right_going_[rights] = s;
        lefts += goes_left_[s];
        rights += 1U - goes_left_[s];
      }
      std::copy_n(right_going_.data(), rights, samples + lefts);
    }
  }

  std::int32_t add_leaf() {
    const auto id = narrow<std::int32_t>(tree_.leaf_count());
    const auto total = narrow<double>(std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}));
    for (const std::int64_t n : counts_)
      tree_.leaf_fractions.push_back(static_cast<float>(narrow<double>(n) / total));
    return ~id;
  }

  void link(const Pending& node, std::int32_t reference) {
    if (node.parent < 0)
      tree_.roots.push_back(reference);
    else
      (node.is_right ? tree_.right : tree_.left)[to_size(node.parent)] = reference;
  }

  const Samples& samples_;
  const int min_leaf_;
  Random& random_;
  const std::stop_token& stop_;
  const int classes_;
  std::size_t bagged_ = 0;                  // samples drawn at least once
  std::vector<Drawn> drawn_;                // [sample]
  std::vector<std::uint32_t> orders_;       // [channel][rank among the bagged]
  std::vector<std::uint32_t> right_going_;  // scratch of partition_orders
  std::vector<std::uint8_t> goes_left_;     // [sample] 1 = left, for the node being divided
  std::vector<int> channels_;               // all channels; the front holds a node's candidates
  std::vector<Pending> pending_;
  Counts pending_counts_;         // [pending][class]
  Counts counts_, left_, right_;  // of the current node and its children
  Forest tree_;
};

}  // namespace

std::vector<std::uint32_t> draw_bag(const Samples& samples, ClassBalance balance, Random& random) {
  std::vector<std::uint32_t> all(samples.count());
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  return draw_bag_of(all, samples, balance, random);
}

std::vector<std::uint32_t> draw_bag_of(std::span<const std::uint32_t> members, const Samples& samples,
                                       ClassBalance balance, Random& random) {
  std::vector<std::vector<std::uint32_t>> pools(
      balance == ClassBalance::balanced ? to_size(samples.class_count) : 1);
  for (const std::uint32_t s : members) pools[samples.labels[s] % pools.size()].push_back(s);
  std::erase_if(pools, [](const auto& pool) { return pool.empty(); });
  std::vector<std::uint32_t> draws(samples.count());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& pool = pools[i % pools.size()];
    ++draws[pool[random.below(narrow<std::uint32_t>(pool.size()))]];
  }
  return draws;
}

Forest grow_tree(const Samples& samples, const SortedChannels& sorted,
                 const std::vector<std::uint32_t>& draws, int min_leaf, Random& random,
                 const std::stop_token& stop) {
  return Grower(samples, sorted, draws, min_leaf, random, stop).grow();
}

}  // namespace cleft::forest
