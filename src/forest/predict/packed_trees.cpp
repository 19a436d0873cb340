#include "forest/predict/packed_trees.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/narrow.hpp"

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
    pending.push_back(forest.right[to_size(at)]);
    pending.push_back(forest.left[to_size(at)]);
  }
  return order;
}

/// [channel of the forest] the different thresholds that some trees compare it with, ascending.
using Thresholds = std::vector<std::vector<float>>;

Thresholds thresholds_of(const Forest& forest, std::span<const Order> trees) {
  Thresholds of(to_size(forest.channel_count));
  for (const Order& tree : trees)
    for (const std::int32_t node : tree.nodes) {
      const auto n = to_size(node);
      of[to_size(forest.channel[n])].push_back(float_threshold(forest.threshold[n]));
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
  return to_size(used) <= PackedGroup::max_channels &&
         std::all_of(thresholds.begin(), thresholds.end(),
                     [](const auto& of) { return of.size() <= ThresholdCodes::max_thresholds; }) &&
         std::all_of(trees.begin(), trees.end(),
                     [](const Order& tree) { return tree.leaves.size() <= PackedGroup::max_leaves; });
}

class GroupWriter {
 public:
  GroupWriter(const Forest& forest, const LeafVotes* votes, PackedGroup& group)
      : forest_(forest), votes_(votes), group_(group) {}

  void write(const Thresholds& thresholds, std::span<const Order> trees) {
    index_of_.assign(to_size(forest_.channel_count), 0);
    for (std::size_t c = 0; c < index_of_.size(); ++c) {
      if (thresholds[c].empty()) continue;
      index_of_[c] = narrow<std::uint8_t>(group_.channels.size());
      group_.channels.push_back(narrow<std::int32_t>(c));
      group_.codes.emplace_back(thresholds[c]);
    }
    node_place_.resize(forest_.node_count());
    leaf_place_.resize(votes_ == nullptr ? forest_.leaf_count() : 0);
    int tree = group_.first_tree;
    for (const Order& order : trees) write_tree(order, tree++);
  }

 private:
  void write_tree(const Order& tree, int number) {
    PackedBatch& batch = batch_for(number);
    tree_of_batch_ = batch.roots.size();
    for (std::size_t i = 0; i < tree.nodes.size(); ++i)
      node_place_[to_size(tree.nodes[i])] = narrow<std::uint32_t>(i);
    for (std::size_t i = 0; i < tree.leaves.size() && votes_ == nullptr; ++i)
      leaf_place_[to_size(tree.leaves[i])] = narrow<std::uint32_t>(i);
    if (tree.nodes.empty()) {
      const std::int32_t reference = ~tree.leaves.front();
      batch.roots.push_back({report_of(reference), true, counts(reference)});
    } else {
      batch.roots.push_back({narrow<std::uint32_t>(batch.node_count), false, false});
    }
    for (const std::int32_t node : tree.nodes) group_.nodes.push_back(packed(to_size(node)));
    if (votes_ == nullptr) group_.leaves.insert(group_.leaves.end(), tree.leaves.begin(), tree.leaves.end());
    batch.node_count += tree.nodes.size();
    batch.end_tree = number + 1;
  }

  /// The last batch, or a new one where it is full or of another of the averaged forests.
  PackedBatch& batch_for(int tree) {
    const auto& ends = forest_.forest_ends;
    const bool begins_forest = std::find(ends.begin(), ends.end(), tree) != ends.end();
    const std::size_t most = votes_ != nullptr ? LeafVotes::trees_at_once : 1;
    if (group_.batches.empty() || begins_forest || group_.batches.back().roots.size() == most)
      group_.batches.push_back({.first_tree = tree,
                                .end_tree = tree,
                                .roots = {},
                                .first_node = group_.nodes.size(),
                                .first_leaf = group_.leaves.size()});
    return group_.batches.back();
  }

  PackedNode packed(std::size_t n) const {
    const std::int32_t left = forest_.left[n], right = forest_.right[n];
    const auto channel = index_of_[to_size(forest_.channel[n])];
    PackedNode node{group_.codes[channel].rank_of(float_threshold(forest_.threshold[n])), channel, 0, 0};
    node.kinds =
        static_cast<std::uint8_t>(kinds_of(left, PackedNode::left_is_leaf, PackedNode::left_counts) |
                                  kinds_of(right, PackedNode::right_is_leaf, PackedNode::right_counts));
    if (left >= 0 && right >= 0)
      node.other = node_place_[to_size(right)] - node_place_[n];
    else
      node.other = (left < 0 ? report_of(left) : 0) | (right < 0 ? report_of(right) : 0) << 16U;
    return node;
  }
  int kinds_of(std::int32_t child, int is_leaf, int if_counts) const {
    if (child >= 0) return 0;
    return counts(child) ? is_leaf | if_counts : is_leaf;
  }
  bool counts(std::int32_t leaf_reference) const {
    const std::int32_t leaf = ~leaf_reference;
    return votes_ == nullptr || votes_->class_of[to_size(leaf)] != votes_->counted_last;
  }
  std::uint32_t report_of(std::int32_t leaf_reference) const {
    const std::int32_t leaf = ~leaf_reference;
    if (votes_ == nullptr) return leaf_place_[to_size(leaf)];
    const std::size_t voted = votes_->class_of[to_size(leaf)];
    return narrow<std::uint32_t>(tree_of_batch_ * votes_->class_count + voted);
  }

  const Forest& forest_;
  const LeafVotes* votes_;
  PackedGroup& group_;
  std::size_t tree_of_batch_ = 0;                       // of the tree that is being written
  std::vector<std::uint8_t> index_of_;                  // [channel of the forest]
  std::vector<std::uint32_t> node_place_, leaf_place_;  // [node, leaf of the forest] within its tree
};

}  // namespace

std::vector<PackedGroup> pack_trees(const Forest& forest, const LeafVotes* votes) {
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
    group.first_tree = narrow<int>(orders.size() - rest.size());
    group.end_tree = group.first_tree + narrow<int>(count);
    group.packed = fits;
    if (fits) GroupWriter(forest, votes, group).write(thresholds, rest.first(count));
    groups.push_back(std::move(group));
    rest = rest.subspan(count);
  }
  return groups;
}

bool is_surely_one_group(const Forest& forest) {
  std::vector<std::size_t> of_channel(to_size(forest.channel_count)), of_tree(forest.roots.size());
  std::vector<std::size_t> tree_of(forest.node_count());
  const auto note = [&](std::int32_t reference, std::size_t tree) {
    if (reference >= 0) tree_of[to_size(reference)] = tree;
  };
  for (std::size_t tree = 0; tree < forest.roots.size(); ++tree) note(forest.roots[tree], tree);
  for (std::size_t n = 0; n < forest.node_count(); ++n) {  // children stand after their parent
    ++of_channel[to_size(forest.channel[n])];
    ++of_tree[tree_of[n]];
    note(forest.left[n], tree_of[n]);
    note(forest.right[n], tree_of[n]);
  }
  const auto none_above = [](const std::vector<std::size_t>& counts, std::size_t most) {
    return std::all_of(counts.begin(), counts.end(), [most](std::size_t count) { return count <= most; });
  };
  return of_channel.size() <= PackedGroup::max_channels &&
         none_above(of_channel, ThresholdCodes::max_thresholds) &&
         none_above(of_tree, PackedGroup::max_leaves - 1);
}

}  // namespace cleft
