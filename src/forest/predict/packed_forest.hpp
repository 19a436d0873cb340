#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "forest/forest.hpp"
#include "forest/predict/packed_trees.hpp"

namespace cleft {

/// What the leaves of a group's trees add, in the order of PackedGroup::leaves; empty where leaves vote.
struct PackedLeaves {
  std::vector<float> rows;      ///< [leaf][padded_classes] fractions, then zeros
  std::vector<double> weights;  ///< [leaf]; empty: 1 each
};

/// A forest made ready for prediction. Refers to the forest.
struct PackedForest {
  /// \pre validate() passes for the forest.
  explicit PackedForest(const Forest& forest);

  const Forest* forest;
  std::optional<LeafVotes> votes;  ///< where every leaf is one class only and adds 1 to the divisor
  bool weighted = false;           ///< some leaf adds anything but 1 to the divisor
  std::vector<PackedGroup> groups;
  std::vector<PackedLeaves> leaves;  ///< [group]
};

/// The class that a leaf votes for, or -1 where it adds anything but 1 to one class.
int voted_class(const Forest& forest, std::size_t leaf);

}  // namespace cleft
