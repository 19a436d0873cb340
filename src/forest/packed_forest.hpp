#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "forest/forest.hpp"
#include "forest/packed_trees.hpp"

namespace cleft {

/// What the leaves of a group's trees add, in the order of PackedGroup::leaves. Of a forest whose leaves all
/// vote only `classes` are set, else the others.
struct PackedLeaves {
  std::vector<std::uint8_t> classes;  ///< [leaf] the class it votes for
  std::vector<float> rows;            ///< [leaf][padded_classes] fractions, then zeros
  std::vector<double> weights;        ///< [leaf]; empty: 1 each
};

/// A forest made ready for prediction. Refers to the forest.
struct PackedForest {
  /// \pre validate() passes for the forest.
  explicit PackedForest(const Forest& forest);

  const Forest* forest;
  bool votes = false;            ///< every leaf is one class only and adds 1 to the divisor
  bool weighted = false;         ///< some leaf adds anything but 1 to the divisor
  std::size_t counted_last = 0;  ///< where leaves vote: the class that has the trees which no other class has
  std::vector<PackedGroup> groups;
  std::vector<PackedLeaves> leaves;  ///< [group]
};

/// The class that a leaf votes for, or -1 where it adds anything but 1 to one class.
int voted_class(const Forest& forest, std::size_t leaf);

}  // namespace cleft
