#include "forest/train/grow_tree.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include <hwy/cache_control.h>

#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "forest/train/split_search.hpp"
#include "forest/tuning.hpp"

namespace cleft::forest {

namespace {

/// A float t with below < t <= above: halfway where that is one.
float threshold_between(float below, float above) {
  const auto half = static_cast<float>((static_cast<double>(below) + static_cast<double>(above)) / 2);
  return half > below ? half : above;  // neighbouring floats, and infinities, have no float between them
}

/// A drawn sample, and which of the tree's kinds it is.
struct Member {
  std::uint32_t sample, kind;
};

/// A tree's samples: those that were drawn, ascending, and the kinds that are among them.
struct Bag {
  Bag(const Samples& samples, const std::vector<std::uint32_t>& draws) {
    std::vector<std::vector<std::uint32_t>> kind_of(to_size(samples.class_count));  // [class][draws]
    for (std::uint32_t s = 0; s < draws.size(); ++s) {
      if (draws[s] == 0) continue;
      const Drawn drawn{draws[s], samples.labels[s]};
      auto& of_class = kind_of[drawn.label];
      if (of_class.size() <= drawn.draws) of_class.resize(to_size(drawn.draws) + 1, none);
      std::uint32_t& kind = of_class[drawn.draws];
      if (kind == none) {
        kind = narrow<std::uint32_t>(kinds.size());
        kinds.push_back(drawn);
      }
      members.push_back({s, kind});
    }
  }

  int kind_bits() const { return narrow<int>(std::bit_width(kinds.size() - 1)); }

  static constexpr std::uint32_t none = ~0U;
  std::vector<Member> members;
  std::vector<Drawn> kinds;
};

/// A node whose samples are members [begin, end).
struct Pending {
  std::size_t begin, end;
  std::int32_t parent;  // -1: the root
  bool is_right;
};

/// Grows a tree depth first.
template <class Key>
class Grower {
 public:
  Grower(const Samples& samples, const RankedChannels& ranked, const Bag& bag, int min_leaf, Random& random,
         const std::stop_token& stop)
      : samples_(samples),
        ranked_(ranked),
        members_(bag.members),
        kinds_(bag.kinds),
        kind_bits_(bag.kind_bits()),
        min_leaf_(min_leaf),
        random_(random),
        stop_(stop),
        classes_(to_size(samples.class_count)),
        search_(kinds_, kind_bits_, classes_, min_leaf),
        channels_(to_size(samples.channel_count)),
        candidates_(static_cast<std::size_t>(std::sqrt(narrow<double>(channels_.size())))),
        all_keys_(candidates_ * members_.size()),
        keys_(candidates_) {
    std::iota(channels_.begin(), channels_.end(), 0);
    tree_.channel_count = samples.channel_count;
    tree_.class_count = samples.class_count;
  }

  Forest grow() {
    Counts all(classes_);
    for (const Member& m : members_) all[kinds_[m.kind].label] += kinds_[m.kind].draws;
    push({0, members_.size(), -1, false}, all);
    while (!pending_.empty()) {
      throw_if_stopped(stop_);
      const Pending node = pending_.back();
      pending_.pop_back();
      counts_.assign(pending_counts_.end() - narrow<std::ptrdiff_t>(classes_), pending_counts_.end());
      pending_counts_.resize(pending_counts_.size() - classes_);
      const Split split = is_leaf(counts_) ? Split{} : find_split(node);
      if (split.found())
        link(node, add_node(node, split));
      else
        link(node, add_leaf());
    }
    return std::move(tree_);
  }

 private:
  bool is_leaf(const Counts& counts) const {
    const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    return total < 2 * std::int64_t{min_leaf_} || *std::max_element(counts.begin(), counts.end()) == total;
  }

  void push(const Pending& node, const Counts& counts) {
    pending_.push_back(node);
    pending_counts_.insert(pending_counts_.end(), counts.begin(), counts.end());
  }

  /// Draws channel number k of a node, from those that it has not had yet.
  void draw_channel(std::size_t k) {
    std::swap(channels_[k], channels_[k + random_.below(narrow<std::uint32_t>(channels_.size() - k))]);
  }

  /// The purest split of its candidates, of which there are as many as `candidates_` and further ones only
  /// while none of them can divide the samples.
  Split find_split(const Pending& node) {
    for (std::size_t k = 0; k < candidates_; ++k) draw_channel(k);
    Split split = find_split(node, 0, candidates_);
    for (std::size_t k = candidates_; k < channels_.size() && !split.found(); ++k) {
      draw_channel(k);
      split = find_split(node, k, 1);
    }
    return split;
  }

  /// \param first, count  Of the drawn channels; at most candidates_.
  Split find_split(const Pending& node, std::size_t first, std::size_t count) {
    const auto channels = std::span<const int>(channels_).subspan(first, count);
    for (std::size_t k = 0; k < count; ++k)
      keys_[k] = std::span(all_keys_).subspan(k * members_.size(), node.end - node.begin);
    if (samples_.count() < sparse_from * (node.end - node.begin))
      for (std::size_t k = 0; k < count; ++k) set_keys(node, channels[k], keys_[k]);
    else
      set_keys(node, channels);
    const std::vector<std::span<const Key>> keys(keys_.begin(),
                                                 keys_.begin() + narrow<std::ptrdiff_t>(count));
    const Split split = search_.find(channels, keys, counts_);
    for (std::size_t k = 0; k < count; ++k)
      if (channels[k] == split.channel) best_keys_ = keys_[k];
    return split;
  }

  /// Sets the keys of one channel.
  void set_keys(const Pending& node, int channel, std::span<Key> keys) const {
    const Member* const members = members_.data() + node.begin;
    const std::uint32_t* const ranks = ranked_.of_channel(channel);
    const int kind_bits = kind_bits_;
    for (std::size_t i = 0; i < keys.size(); ++i)
      keys[i] = Key{ranks[members[i].sample]} << kind_bits | members[i].kind;
  }

  /// The same of some channels, sample by sample.
  void set_keys(const Pending& node, std::span<const int> channels) {
    const Member* const members = members_.data() + node.begin;
    const std::size_t count = node.end - node.begin, stride = members_.size();
    const int kind_bits = kind_bits_;
    Key* const keys = all_keys_.data();
    for (std::size_t i = 0; i < count; ++i) {
      if (i + ranks_fetched_ahead < count) {
        const auto* const next = ranked_.of_sample(members[i + ranks_fetched_ahead].sample);
        for (std::size_t c = 0; c < channels_.size(); c += 16) hwy::Prefetch(next + c);
      }
      const auto* const ranks = ranked_.of_sample(members[i].sample);
      for (std::size_t k = 0; k < channels.size(); ++k)
        keys[k * stride + i] = Key{ranks[channels[k]]} << kind_bits | members[i].kind;
    }
  }

  std::int32_t add_node(const Pending& node, const Split& split) {
    const auto id = narrow<std::int32_t>(tree_.node_count());
    const auto [middle, threshold] = partition(node, split);
    tree_.channel.push_back(split.channel);
    tree_.threshold.push_back(static_cast<double>(threshold));
    tree_.left.push_back(0);
    tree_.right.push_back(0);
    const Counts& left = search_.left_counts();
    for (std::size_t c = 0; c < classes_; ++c) counts_[c] -= left[c];
    push({middle, node.end, id, true}, counts_);
    push({node.begin, middle, id, false}, left);
    return id;
  }

  /// Divides the members among the children, each side in their order. Branch-free: each member is stored on
  /// both sides, and only the side that it belongs to advances.
  /// \returns where the right ones begin, and the threshold
  std::pair<std::size_t, float> partition(const Pending& node, const Split& split) {
    Member* const members = members_.data() + node.begin;
    rights_.resize(best_keys_.size());
    Member* const right_going = rights_.data();
    const int kind_bits = kind_bits_;
    std::size_t lefts = 0, rights = 0;
    std::uint32_t below = 0, above = 0;  // samples beside the threshold
    Key lowest_right = std::numeric_limits<Key>::max();
    for (std::size_t i = 0; i < best_keys_.size(); ++i) {
      const Member member = members[i];
      const Key rank = best_keys_[i] >> kind_bits;
      const bool right = rank > split.last_left;
      members[lefts] = member;
      right_going[rights] = member;
      lefts += right ? 0 : 1;
      rights += right ? 1 : 0;
      if (rank == split.last_left) below = member.sample;
      if (right && rank < lowest_right) {
        lowest_right = rank;
        above = member.sample;
      }
    }
    std::copy_n(right_going, rights, members + lefts);
    const auto values = samples_.channel(split.channel);
    return {node.begin + lefts, threshold_between(values[below], values[above])};
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
  const RankedChannels& ranked_;
  std::vector<Member> members_;
  const std::vector<Drawn>& kinds_;
  const int kind_bits_, min_leaf_;
  Random& random_;
  const std::stop_token& stop_;
  const std::size_t classes_;
  SplitSearch<Key> search_;
  std::vector<int> channels_;  // all channels; the front holds a node's candidates
  const std::size_t candidates_;
  std::vector<Key> all_keys_;
  std::vector<std::span<Key>> keys_;  // [candidate][member of the node], in all_keys_
  std::span<Key> best_keys_;          // of the channel that divides the node
  std::vector<Member> rights_;
  std::vector<Pending> pending_;
  Counts pending_counts_;  // [pending][class]
  Counts counts_;          // of the current node
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

template <class Key>
Forest grow_tree_by(const Samples& samples, const RankedChannels& ranked,
                    const std::vector<std::uint32_t>& draws, int min_leaf, Random& random) {
  const Bag bag(samples, draws);
  const std::stop_token never;
  return Grower<Key>(samples, ranked, bag, min_leaf, random, never).grow();
}

template Forest grow_tree_by<std::uint32_t>(const Samples&, const RankedChannels&,
                                            const std::vector<std::uint32_t>&, int, Random&);
template Forest grow_tree_by<std::uint64_t>(const Samples&, const RankedChannels&,
                                            const std::vector<std::uint32_t>&, int, Random&);

Forest grow_tree(const Samples& samples, const RankedChannels& ranked,
                 const std::vector<std::uint32_t>& draws, int min_leaf, Random& random,
                 const std::stop_token& stop) {
  const Bag bag(samples, draws);
  const int key_bits = narrow<int>(std::bit_width(ranked.highest())) + bag.kind_bits();
  if (key_bits <= std::numeric_limits<std::uint32_t>::digits)
    return Grower<std::uint32_t>(samples, ranked, bag, min_leaf, random, stop).grow();
  return Grower<std::uint64_t>(samples, ranked, bag, min_leaf, random, stop).grow();
}

}  // namespace cleft::forest
