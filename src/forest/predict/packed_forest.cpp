#include "forest/predict/packed_forest.hpp"

#include <algorithm>

#include "base/narrow.hpp"
#include "forest/predict/leaf_sums.hpp"

namespace cleft::forest {
namespace {

/// The classes that some leaf gives anything to; the first where no leaf gives anything.
std::vector<std::size_t> classes_of(const Forest& forest) {
  std::vector<bool> given(to_size(forest.class_count));
  for (std::size_t i = 0; i < forest.leaf_fractions.size(); ++i)
    if (forest.leaf_fractions[i] != 0) given[i % given.size()] = true;
  std::vector<std::size_t> classes;
  for (std::size_t c = 0; c < given.size(); ++c)
    if (given[c]) classes.push_back(c);
  if (classes.empty()) classes.push_back(0);
  return classes;
}

/// Nothing where a leaf is not pure.
std::optional<PureLeaves> pure_leaves_of(const Forest& forest, const std::vector<std::size_t>& classes) {
  if (classes.size() > PureLeaves::max_classes) return std::nullopt;
  PureLeaves pure;
  pure.class_count = classes.size();
  std::vector<std::size_t> leaves(pure.class_count);
  for (std::size_t leaf = 0; leaf < forest.leaf_count(); ++leaf) {
    const int voted = voted_class(forest, leaf);
    if (voted < 0) return std::nullopt;
    const auto c = std::lower_bound(classes.begin(), classes.end(), to_size(voted)) - classes.begin();
    pure.class_of.push_back(narrow<std::uint8_t>(c));
    ++leaves[to_size(c)];
  }
  const auto commonest = std::max_element(leaves.begin(), leaves.end());
  pure.counted_last = to_size(commonest - leaves.begin());
  return pure;
}

PackedLeaves rows_of(const Forest& forest, const std::vector<std::size_t>& classes,
                     const std::vector<std::int32_t>& leaves, bool weighted) {
  PackedLeaves packed;
  const auto padded = padded_classes(classes.size());
  packed.rows.resize(leaves.size() * padded);
  for (std::size_t i = 0; i < leaves.size(); ++i)
    for (std::size_t c = 0; c < classes.size(); ++c)
      packed.rows[i * padded + c] = forest.fractions(~leaves[i])[classes[c]];
  if (!weighted) return packed;
  for (const std::int32_t leaf : leaves) packed.weights.push_back(forest.leaf_weights[to_size(leaf)]);
  return packed;
}

}  // namespace

int voted_class(const Forest& forest, std::size_t leaf) {
  if (!forest.leaf_weights.empty() && forest.leaf_weights[leaf] != 1) return -1;
  const float* begin = forest.fractions(~narrow<std::int32_t>(leaf));
  const float* end = begin + forest.class_count;
  const float* voted = std::find(begin, end, 1.0F);
  if (voted == end || std::count(begin, end, 0.0F) != forest.class_count - 1) return -1;
  return narrow<int>(voted - begin);
}

PackedForest::PackedForest(const Forest& f)
    : classes(classes_of(f)),
      sub_forests(f),
      pure(pure_leaves_of(f, classes)),
      weighted(std::any_of(f.leaf_weights.begin(), f.leaf_weights.end(), [](double w) { return w != 1; })),
      coded(code_trees(f, pure ? &*pure : nullptr)) {
  for (const CodedTrees& trees : coded)
    leaves.push_back(pure ? PackedLeaves{} : rows_of(f, classes, trees.leaves, weighted));
}

}  // namespace cleft::forest
