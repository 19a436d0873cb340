#include "forest/predict/coded_trees.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/narrow.hpp"

namespace cleft::forest {
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

/// Whether the trees stay within the limits of codes and nodes.
bool fit(const Thresholds& thresholds, std::span<const Order> trees) {
  const auto used =
      std::count_if(thresholds.begin(), thresholds.end(), [](const auto& of) { return !of.empty(); });
  return to_size(used) <= CodedTrees::max_channels &&
         std::all_of(thresholds.begin(), thresholds.end(),
                     [](const auto& of) { return of.size() <= ThresholdCodes::max_thresholds; }) &&
         std::all_of(trees.begin(), trees.end(),
                     [](const Order& tree) { return tree.leaves.size() <= CodedTrees::max_leaves; });
}

/// The places of numbers in a list. A tree's numbers are near each other, so that its table is not as long as
/// the forest.
class Numbers {
 public:
  explicit Numbers(std::span<const std::int32_t> list) {
    if (list.empty()) return;
    const auto [least, most] = std::minmax_element(list.begin(), list.end());
    first_ = *least;
    place_.resize(to_size(*most - first_) + 1);
    for (std::size_t i = 0; i < list.size(); ++i) place_[to_size(list[i] - first_)] = narrow<std::int32_t>(i);
  }
  std::int32_t operator[](std::int32_t number) const { return place_[to_size(number - first_)]; }

 private:
  std::int32_t first_ = 0;
  std::vector<std::int32_t> place_;
};

/// A tree that does not fit, with its own numbers for its nodes and leaves.
PlainTree plain_tree(const Forest& forest, const Order& tree) {
  const Numbers node_number(tree.nodes), leaf_number(tree.leaves);
  const auto numbered = [&](std::int32_t reference) -> std::int32_t {
    return reference >= 0 ? node_number[reference] : ~leaf_number[~reference];
  };
  PlainTree plain;
  plain.root = tree.nodes.empty() ? ~0 : 0;
  for (const std::int32_t node : tree.nodes) {
    const auto n = to_size(node);
    plain.channel.push_back(forest.channel[n]);
    plain.threshold.push_back(forest.threshold[n]);
    plain.left.push_back(numbered(forest.left[n]));
    plain.right.push_back(numbered(forest.right[n]));
  }
  return plain;
}

/// Writes what a CodedTrees has of trees that fit.
class CodedWriter {
 public:
  CodedWriter(const Forest& forest, const PureLeaves* pure, CodedTrees& coded)
      : forest_(forest), pure_(pure), coded_(coded) {}

  void write(const Thresholds& thresholds, std::span<const Order> trees) {
    index_of_.assign(to_size(forest_.channel_count), 0);
    for (std::size_t c = 0; c < index_of_.size(); ++c) {
      if (thresholds[c].empty()) continue;
      index_of_[c] = narrow<std::uint8_t>(coded_.channels.size());
      coded_.channels.push_back(narrow<std::int32_t>(c));
      coded_.codes.emplace_back(thresholds[c]);
    }
    node_place_.resize(forest_.node_count());
    leaf_place_.resize(pure_ == nullptr ? forest_.leaf_count() : 0);
    int tree = coded_.first_tree;
    for (const Order& order : trees) write_tree(order, tree++);
  }

 private:
  void write_tree(const Order& tree, int number) {
    TreeBundle& bundle = bundle_for(number);
    tree_of_bundle_ = bundle.roots.size();
    for (std::size_t i = 0; i < tree.nodes.size(); ++i)
      node_place_[to_size(tree.nodes[i])] = narrow<std::uint32_t>(i);
    for (std::size_t i = 0; i < tree.leaves.size() && pure_ == nullptr; ++i)
      leaf_place_[to_size(tree.leaves[i])] = narrow<std::uint32_t>(i);
    if (tree.nodes.empty()) {
      const std::int32_t reference = ~tree.leaves.front();
      bundle.roots.push_back({tag_of(reference), true, counts(reference)});
    } else {
      bundle.roots.push_back({narrow<std::uint32_t>(bundle.node_count), false, false});
    }
    for (const std::int32_t node : tree.nodes) coded_.nodes.push_back(packed(to_size(node)));
    if (pure_ == nullptr) coded_.leaves.insert(coded_.leaves.end(), tree.leaves.begin(), tree.leaves.end());
    bundle.node_count += tree.nodes.size();
    bundle.end_tree = number + 1;
  }

  /// The last bundle, or a new one where that is full or the tree begins a sub-forest.
  TreeBundle& bundle_for(int tree) {
    const auto& ends = forest_.sub_forest_ends;
    const bool begins_sub_forest = std::find(ends.begin(), ends.end(), tree) != ends.end();
    const std::size_t most = pure_ != nullptr ? to_size(trees_together) : 1;
    if (coded_.bundles.empty() || begins_sub_forest || coded_.bundles.back().roots.size() == most)
      coded_.bundles.push_back({.first_tree = tree,
                                .end_tree = tree,
                                .roots = {},
                                .first_node = coded_.nodes.size(),
                                .first_leaf = coded_.leaves.size()});
    return coded_.bundles.back();
  }

  PackedNode packed(std::size_t n) const {
    const std::int32_t left = forest_.left[n], right = forest_.right[n];
    const auto channel = index_of_[to_size(forest_.channel[n])];
    PackedNode node{coded_.codes[channel].rank_of(float_threshold(forest_.threshold[n])), channel, 0, 0};
    node.kinds =
        static_cast<std::uint8_t>(kinds_of(left, PackedNode::left_is_leaf, PackedNode::left_counts) |
                                  kinds_of(right, PackedNode::right_is_leaf, PackedNode::right_counts));
    if (left >= 0 && right >= 0)
      node.other = node_place_[to_size(right)] - node_place_[n];
    else
      node.other = (left < 0 ? tag_of(left) : 0) | (right < 0 ? tag_of(right) : 0) << 16U;
    return node;
  }
  int kinds_of(std::int32_t child, int is_leaf, int if_counts) const {
    if (child >= 0) return 0;
    return counts(child) ? is_leaf | if_counts : is_leaf;
  }
  bool counts(std::int32_t leaf_reference) const {
    const std::int32_t leaf = ~leaf_reference;
    return pure_ == nullptr || pure_->class_of[to_size(leaf)] != pure_->counted_last;
  }
  /// See TreeBundle.
  std::uint32_t tag_of(std::int32_t leaf_reference) const {
    const std::int32_t leaf = ~leaf_reference;
    if (pure_ == nullptr) return leaf_place_[to_size(leaf)];
    const std::size_t voted = pure_->class_of[to_size(leaf)];
    return narrow<std::uint32_t>(tree_of_bundle_ * pure_->class_count + voted);
  }

  const Forest& forest_;
  const PureLeaves* pure_;
  CodedTrees& coded_;
  std::size_t tree_of_bundle_ = 0;                      // of the tree that is being written
  std::vector<std::uint8_t> index_of_;                  // [channel of the forest]
  std::vector<std::uint32_t> node_place_, leaf_place_;  // [node, leaf of the forest] within its tree
};

}  // namespace

std::vector<CodedTrees> code_trees(const Forest& forest, const PureLeaves* pure) {
  std::vector<Order> orders;
  for (const std::int32_t root : forest.roots) orders.push_back(depth_first(forest, root));
  std::vector<CodedTrees> all;
  for (std::span<const Order> rest = orders; !rest.empty();) {
    std::size_t count = rest.size();
    Thresholds thresholds = thresholds_of(forest, rest);
    bool fits = fit(thresholds, rest);
    while (!fits && count > 1) {
      count /= 2;
      thresholds = thresholds_of(forest, rest.first(count));
      fits = fit(thresholds, rest.first(count));
    }
    CodedTrees coded;
    coded.first_tree = narrow<int>(orders.size() - rest.size());
    coded.end_tree = coded.first_tree + narrow<int>(count);
    coded.coded = fits;
    if (fits) {
      CodedWriter(forest, pure, coded).write(thresholds, rest.first(count));
    } else {
      coded.plain = plain_tree(forest, rest.front());
      coded.leaves = rest.front().leaves;
    }
    all.push_back(std::move(coded));
    rest = rest.subspan(count);
  }
  return all;
}

bool is_surely_coded_as_one(const Forest& forest) {
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
  return of_channel.size() <= CodedTrees::max_channels &&
         none_above(of_channel, ThresholdCodes::max_thresholds) &&
         none_above(of_tree, CodedTrees::max_leaves - 1);
}

}  // namespace cleft::forest
