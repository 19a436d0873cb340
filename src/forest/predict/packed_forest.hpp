#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "forest/average.hpp"
#include "forest/forest.hpp"
#include "forest/predict/coded_trees.hpp"

namespace cleft::forest {

/// What the leaves of CodedTrees add, in the order of CodedTrees::leaves; empty where leaves are pure.
struct PackedLeaves {
  std::vector<float> rows;      ///< [leaf][padded class] fractions, then zeros (see padded_classes)
  std::vector<double> weights;  ///< [leaf] what it adds to the divisor; empty: 1 each
};

/// A forest made ready for voting: a copy, which needs the forest no more once it is made. Classes that no
/// leaf gives anything to, which have probability 0 everywhere, are left out.
struct PackedForest {
  /// \pre validate() passes for the forest.
  explicit PackedForest(const Forest& forest);

  std::vector<std::size_t> classes;  ///< of the forest, to which some leaf gives anything, ascending; at
                                     ///< least one. Here, "class" means an index into them.
  SubForests sub_forests;
  std::optional<PureLeaves> pure;    ///< set where every leaf is pure
  bool weighted;                     ///< some leaf adds anything but 1 to the divisor
  std::vector<CodedTrees> coded;     ///< all trees, in order
  std::vector<PackedLeaves> leaves;  ///< one for each of `coded`
};

/// The class of the forest that a leaf gives its tree's whole vote to, or -1 where the leaf is not pure.
int voted_class(const Forest& forest, std::size_t leaf);

}  // namespace cleft::forest
