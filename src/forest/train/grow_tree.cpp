#include "forest/train/grow_tree.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "forest/tuning.hpp"

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

using Counts = std::vector<std::int64_t>;  // [class] draws

struct Drawn {
  std::uint32_t draws, label;
};

/// What the nodes of a tree have in common while it grows.
struct Growth {
  Growth(const Samples& samples, int smallest_leaf, Random& numbers, const std::stop_token& token)
      : min_leaf(smallest_leaf), random(numbers), stop(token), channels(to_size(samples.channel_count)) {
    std::iota(channels.begin(), channels.end(), 0);
    tree.channel_count = samples.channel_count;
    tree.class_count = samples.class_count;
  }

  bool is_leaf(const Counts& counts) const {
    const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    return total < 2 * std::int64_t{min_leaf} || *std::max_element(counts.begin(), counts.end()) == total;
  }

  const int min_leaf;
  Random& random;
  const std::stop_token& stop;
  std::vector<int> channels;  // all channels; the front holds a node's candidates
  Forest tree;
};

/// Samples that a part of a tree is grown from, numbered from 0.
template <class Number>
struct Columns {
  std::size_t count = 0;  // of samples in each order
  const float* values = nullptr;
  std::size_t stride = 0;                 // of values
  std::vector<Drawn> drawn{};             // [sample]
  std::vector<Number> orders{};           // [channel][rank] samples, ascending by value
  std::vector<Number> right_going{};      // [count] scratch of partition_orders
  std::vector<std::uint8_t> goes_left{};  // [sample] 1 = left, for the node being divided

  const float* values_of(int channel) const { return values + to_size(channel) * stride; }
  const Number* order(int channel) const { return orders.data() + to_size(channel) * count; }
  Number* order(int channel) { return orders.data() + to_size(channel) * count; }
};

/// A node whose samples are [begin, end) of every channel's order.
struct Pending {
  std::size_t begin, end;
  std::int32_t parent;  // -1: the root
  bool is_right;
};

/// Grows a tree, or what hangs below one of its nodes, depth first. Invariant: a pending node has the same
/// samples in each channel, ascending by that channel's value.
template <class Number>
class Grower {
 public:
  explicit Grower(Growth& growth) : growth_(growth), classes_(to_size(growth.tree.class_count)) {}

  Columns<Number>& columns() { return columns_; }

  /// \param small  Called with nodes of at most `near_samples` samples, and their counts, in place of growing
  ///               them here.
  template <class Small>
  void grow(const Pending& root, const Counts& counts, const Small& small) {
    push(root, counts);
    while (!pending_.empty()) {
      throw_if_stopped(growth_.stop);
      const Pending node = pending_.back();
      pending_.pop_back();
      counts_.assign(pending_counts_.end() - narrow<std::ptrdiff_t>(classes_), pending_counts_.end());
      pending_counts_.resize(pending_counts_.size() - classes_);
      const bool leaf = growth_.is_leaf(counts_);
      if (!leaf && small(node, counts_)) continue;
      const Split split = leaf ? Split{} : find_split(node);
      if (split.found())
        link(node, add_node(node, split));
      else
        link(node, add_leaf());
    }
  }

 private:
  void push(const Pending& node, const Counts& counts) {
    pending_.push_back(node);
    pending_counts_.insert(pending_counts_.end(), counts.begin(), counts.end());
  }

  Split find_split(const Pending& node) {
    std::vector<int>& channels = growth_.channels;
    const auto candidates = static_cast<std::size_t>(std::sqrt(narrow<double>(channels.size())));
    Split best;
    for (std::size_t k = 0; k < channels.size() && (k < candidates || !best.found()); ++k) {
      std::swap(channels[k], channels[k + growth_.random.below(narrow<std::uint32_t>(channels.size() - k))]);
      improve(best, node, channels[k]);
    }
    return best;
  }

  /// Tries every threshold between different values of one channel, in ascending order: sample by sample,
  /// counts move from the right child to the left one.
  void improve(Split& best, const Pending& node, int channel) {
    const Number* sample = columns_.order(channel);
    const float* value = columns_.values_of(channel);
    const Drawn* drawn = columns_.drawn.data();
    left_.assign(counts_.size(), 0);
    right_ = counts_;
    std::int64_t* const left = left_.data();
    std::int64_t* const right = right_.data();
    const int min_leaf = growth_.min_leaf;
    std::int64_t left_draws = 0, right_draws = 0, left_squares = 0, right_squares = 0;
    for (const std::int64_t n : counts_) {
      right_draws += n;
      right_squares += n * n;
    }
    float here = value[sample[node.begin]];
    for (std::size_t i = node.begin; i + 1 < node.end; ++i) {
      const auto [draws, label] = drawn[sample[i]];
      left_squares += draws * (2 * left[label] + draws);
      right_squares -= draws * (2 * right[label] - draws);
      left[label] += draws;
      right[label] -= draws;
      left_draws += draws;
      right_draws -= draws;
      const float below = here;
      here = value[sample[i + 1]];
      if (!(below < here) || left_draws < min_leaf || right_draws < min_leaf) continue;
      const double purity = static_cast<double>(left_squares) / static_cast<double>(left_draws) +
                            static_cast<double>(right_squares) / static_cast<double>(right_draws);
      if (purity > best.purity) best = {purity, channel, i + 1 - node.begin, threshold_between(below, here)};
    }
  }

  std::int32_t add_node(const Pending& node, const Split& split) {
    Forest& tree = growth_.tree;
    const auto id = narrow<std::int32_t>(tree.node_count());
    tree.channel.push_back(split.channel);
    tree.threshold.push_back(static_cast<double>(split.threshold));
    tree.left.push_back(0);
    tree.right.push_back(0);
    const std::size_t middle = node.begin + split.left_samples;
    mark_sides(node, split.channel, middle);
    // Leaves need class counts only, not their samples in order.
    if (!growth_.is_leaf(left_) || !growth_.is_leaf(right_)) partition_orders(node, split.channel);
    push({middle, node.end, id, true}, right_);
    push({node.begin, middle, id, false}, left_);
    return id;
  }

  /// Notes which child each sample goes to, and sets left_ and right_ to the children's class counts.
  void mark_sides(const Pending& node, int channel, std::size_t middle) {
    const Number* sample = columns_.order(channel);
    left_.assign(counts_.size(), 0);
    right_ = counts_;
    for (std::size_t i = node.begin; i < middle; ++i) {
      const auto [draws, label] = columns_.drawn[sample[i]];
      left_[label] += draws;
      right_[label] -= draws;
      columns_.goes_left[sample[i]] = 1;
    }
    for (std::size_t i = middle; i < node.end; ++i) columns_.goes_left[sample[i]] = 0;
  }

  /// Divides every channel's order among the children. Stable, so that both parts stay sorted. Branch-free:
  /// each sample is stored on both sides, and only the side that it belongs to advances.
  void partition_orders(const Pending& node, int split_channel) {
    const std::uint8_t* const goes_left = columns_.goes_left.data();
    Number* const right_going = columns_.right_going.data();
    for (int c = 0; c < growth_.tree.channel_count; ++c) {
      if (c == split_channel) continue;  // its order is divided already
      Number* const samples = columns_.order(c);
      std::size_t lefts = node.begin, rights = 0;
      for (std::size_t i = node.begin; i < node.end; ++i) {
        const Number s = samples[i];
        const std::size_t left = goes_left[s];
        samples[lefts] = s;
        right_going[rights] = s;
        lefts += left;
        rights += 1 - left;
      }
      std::copy_n(right_going, rights, samples + lefts);
    }
  }

  std::int32_t add_leaf() {
    const auto id = narrow<std::int32_t>(growth_.tree.leaf_count());
    const auto total = narrow<double>(std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}));
    for (const std::int64_t n : counts_)
      growth_.tree.leaf_fractions.push_back(static_cast<float>(narrow<double>(n) / total));
    return ~id;
  }

  void link(const Pending& node, std::int32_t reference) {
    if (node.parent < 0)
      growth_.tree.roots.push_back(reference);
    else
      (node.is_right ? growth_.tree.right : growth_.tree.left)[to_size(node.parent)] = reference;
  }

  Growth& growth_;
  std::size_t classes_;
  Columns<Number> columns_;
  std::vector<Pending> pending_;
  Counts pending_counts_;         // [pending][class]
  Counts counts_, left_, right_;  // of the current node and its children
};

/// Grows one tree: its upper nodes from all samples, what hangs below a node of few samples from a copy of
/// these side by side, which stays in cache down to the leaves.
class TreeGrower {
 public:
  TreeGrower(const Samples& samples, const SortedChannels& sorted, const std::vector<std::uint32_t>& draws,
             int min_leaf, Random& random, const std::stop_token& stop)
      : growth_(samples, min_leaf, random, stop), upper_(growth_), lower_(growth_) {
    auto& all = upper_.columns();
    all.values = samples.values.data();
    all.stride = samples.count();
    all.count = samples.count() - to_size(std::count(draws.begin(), draws.end(), 0U));
    all.drawn.resize(samples.count());
    for (std::size_t s = 0; s < all.drawn.size(); ++s) all.drawn[s] = {draws[s], samples.labels[s]};
    all.orders.reserve(all.count * to_size(samples.channel_count));
    for (int c = 0; c < samples.channel_count; ++c)
      for (const std::uint32_t s : sorted.order(c))
        if (draws[s] > 0) all.orders.push_back(s);
    all.right_going.resize(all.count);
    all.goes_left.resize(samples.count());
    number_.resize(samples.count());
  }

  Forest grow() {
    const auto& all = upper_.columns();
    Counts counts(to_size(growth_.tree.class_count));
    for (const Drawn& d : all.drawn) counts[d.label] += d.draws;
    upper_.grow({0, all.count, -1, false}, counts, [this](const Pending& node, const Counts& of_node) {
      if (node.end - node.begin > near_samples) return false;
      gather(node);
      lower_.grow({0, node.end - node.begin, node.parent, node.is_right}, of_node,
                  [](const Pending&, const Counts&) { return false; });
      return true;
    });
    return std::move(growth_.tree);
  }

 private:
  static_assert(near_samples <= std::size_t{1} << 16U);

  /// Copies a node's samples side by side, numbered by their order in the first channel.
  void gather(const Pending& node) {
    const auto& all = upper_.columns();
    auto& few = lower_.columns();
    const auto channels = to_size(growth_.tree.channel_count);
    few.count = few.stride = node.end - node.begin;
    few.drawn.resize(few.count);
    few.orders.resize(few.count * channels);
    few.right_going.resize(few.count);
    few.goes_left.resize(few.count);
    values_.resize(few.count * channels);
    few.values = values_.data();
    for (std::size_t i = 0; i < few.count; ++i) {
      const std::uint32_t s = all.order(0)[node.begin + i];
      number_[s] = static_cast<std::uint16_t>(i);
      few.drawn[i] = all.drawn[s];
    }
    for (int c = 0; c < growth_.tree.channel_count; ++c) {
      const std::uint32_t* const sample = all.order(c) + node.begin;
      const float* const value = all.values_of(c);
      float* const near_value = values_.data() + to_size(c) * few.count;
      for (std::size_t i = 0; i < few.count; ++i) {
        const std::uint16_t number = number_[sample[i]];
        few.order(c)[i] = number;
        near_value[number] = value[sample[i]];
      }
    }
  }

  Growth growth_;
  Grower<std::uint32_t> upper_;
  Grower<std::uint16_t> lower_;
  std::vector<std::uint16_t> number_;  // [sample] its number among those below a node
  std::vector<float> values_;          // of these: [channel][number]
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
  return TreeGrower(samples, sorted, draws, min_leaf, random, stop).grow();
}

}  // namespace cleft::forest
