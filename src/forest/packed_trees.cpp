#include "forest/packed_trees.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace cleft {
namespace {

/// A tree's inner nodes and leaves in depth-first order, left before right.
struct Order {
  std::vector<std::int32_t> nodes, leaves;
};

Order depth_first(const Forest& forest, std::int32_t root) {
  Order order;
  std::vector<std::int32_t> pending{root};
  while (!pending.empty()) {
    const std::int32_t at = pending.back();
    pending.pop_back();
    if (at < 0) {
      order.leaves.push_back(~at);
      continue;
    }
    order.nodes.push_back(at);
    pending.push_back(forest.right[static_cast<std::size_t>(at)]);
    pending.push_back(forest.left[static_cast<std::size_t>(at)]);
  }
  return order;
}

/// [channel of the forest] the different thresholds that some trees compare it with, ascending.
using Thresholds = std::vector<std::vector<float>>;

Thresholds thresholds_of(const Forest& forest, std::span<const Order> trees) {
  Thresholds of(static_cast<std::size_t>(forest.channel_count));
  for (const Order& tree : trees)
    for (const std::int32_t node : tree.nodes) {
      const auto n = static_cast<std::size_t>(node);
      of[static_cast<std::size_t>(forest.channel[n])].push_back(float_threshold(forest.threshold[n]));
    }
  for (auto& values : of) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }
  return of;
}

bool fit(const Thresholds& thresholds, std::span<const Order> trees) {
  const auto used =
      std::count_if(thresholds.begin(), thresholds.end(), [](const auto& of) { return !of.empty(); });
  return static_cast<std::size_t>(used) <= PackedGroup::most_channels &&
         std::all_of(thresholds.begin(), thresholds.end(),
                     [](const auto& of) { return of.size() <= ThresholdCodes::most_thresholds; }) &&
         std::all_of(trees.begin(), trees.end(),
                     [](const Order& tree) { return tree.leaves.size() <= PackedGroup::most_leaves; });
}

class GroupWriter {
 public:
  GroupWriter(const Forest& forest, const std::vector<bool>& leaf_counts, PackedGroup& group)
      : forest_(forest), leaf_counts_(leaf_counts), group_(group) {}

  void write(const Thresholds& thresholds, std::span<const Order> trees) {
    index_of_.assign(static_cast<std::size_t>(forest_.channel_count), 0);
    for (std::size_t c = 0; c < index_of_.size(); ++c) {
      if (thresholds[c].empty()) continue;
      index_of_[c] = static_cast<std::uint8_t>(group_.channels.size());
      group_.channels.push_back(static_cast<std::int32_t>(c));
      group_.codes.emplace_back(thresholds[c]);
    }
    node_place_.resize(forest_.node_count());
    leaf_place_.resize(forest_.leaf_count());
    for (const Order& tree : trees) write_tree(tree);
  }

 private:
  void write_tree(const Order& tree) {
    group_.trees.push_back({group_.nodes.size(), tree.nodes.size(), group_.leaves.size()});
    for (std::size_t i = 0; i < tree.nodes.size(); ++i)
      node_place_[static_cast<std::size_t>(tree.nodes[i])] = static_cast<std::uint32_t>(i);
    for (std::size_t i = 0; i < tree.leaves.size(); ++i)
      leaf_place_[static_cast<std::size_t>(tree.leaves[i])] = static_cast<std::uint32_t>(i);
    for (const std::int32_t node : tree.nodes) group_.nodes.push_back(packed(static_cast<std::size_t>(node)));
    group_.leaves.insert(group_.leaves.end(), tree.leaves.begin(), tree.leaves.end());
  }

  PackedNode packed(std::size_t n) const {
    const std::int32_t left = forest_.left[n], right = forest_.right[n];
    const auto channel = index_of_[static_cast<std::size_t>(forest_.channel[n])];
    PackedNode node{group_.codes[channel].rank_of(float_threshold(forest_.threshold[n])), channel, 0, 0};
    node.kinds =
        static_cast<std::uint8_t>(kinds_of(left, PackedNode::left_is_leaf, PackedNode::left_counts) |
                                  kinds_of(right, PackedNode::right_is_leaf, PackedNode::right_counts));
    if (left < 0)
      node.other = place_of_leaf(left);
    else if (right < 0)
      node.other = place_of_leaf(right);
    else
      node.other = node_place_[static_cast<std::size_t>(right)] - node_place_[n];
    return node;
  }
  int kinds_of(std::int32_t child, int is_leaf, int counts) const {
    if (child >= 0) return 0;
    const std::int32_t leaf = ~child;
    return leaf_counts_.empty() || leaf_counts_[static_cast<std::size_t>(leaf)] ? is_leaf | counts : is_leaf;
  }
  std::uint32_t place_of_leaf(std::int32_t reference) const {
    const std::int32_t leaf = ~reference;
    return leaf_place_[static_cast<std::size_t>(leaf)];
  }

  const Forest& forest_;
  const std::vector<bool>& leaf_counts_;
  PackedGroup& group_;
  std::vector<std::uint8_t> index_of_;                  // [channel of the forest]
  std::vector<std::uint32_t> node_place_, leaf_place_;  // [node, leaf of the forest] within its tree
};

}  // namespace

std::vector<PackedGroup> pack_trees(const Forest& forest, const std::vector<bool>& leaf_counts) {
  std::vector<Order> orders;
  for (const std::int32_t root : forest.roots) orders.push_back(depth_first(forest, root));
  std::vector<PackedGroup> groups;
  for (std::span<const Order> rest = orders; !rest.empty();) {
    std::size_t count = rest.size();
    Thresholds thresholds = thresholds_of(forest, rest);
    bool fits = fit(thresholds, rest);
    while (!fits && count > 1) {
      count /= 2;
      thresholds = thresholds_of(forest, rest.first(count));
      fits = fit(thresholds, rest.first(count));
    }
    PackedGroup group;
    group.first_tree = static_cast<int>(orders.size() - rest.size());
    group.end_tree = group.first_tree + static_cast<int>(count);
    group.packed = fits;
    if (fits) GroupWriter(forest, leaf_counts, group).write(thresholds, rest.first(count));
    groups.push_back(std::move(group));
    rest = rest.subspan(count);
  }
  return groups;
}

}  // namespace cleft
