#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {

/// A random forest as flat arrays over all its trees: nothing points, so it is copied, sent and stored as it
/// is.
///
/// A *reference* names where a walk stands: r >= 0 is inner node r, r < 0 is leaf ~r. At inner node n a voxel
/// goes to left[n] if `double(value of channel[n]) < threshold[n]` and to right[n] otherwise, NaN included.
/// Inner nodes stand after their parent; each node and each leaf belongs to exactly one tree.
struct Forest {
  std::int32_t channel_count = 0;         ///< channels a voxel has; node channels are below it
  std::int32_t class_count = 0;           ///< classes a leaf has fractions of
  std::vector<std::int32_t> roots;        ///< [tree] reference where the tree begins
  std::vector<std::int32_t> channel;      ///< [node]
  std::vector<double> threshold;          ///< [node]
  std::vector<std::int32_t> left, right;  ///< [node] reference
  std::vector<float> leaf_fractions;  ///< [leaf][class] what the leaf adds to each class: fractions of the
                                      ///< training draws in it, times leaf_weights where there are any
  std::vector<double> leaf_weights;   ///< [leaf] what the leaf adds to the divisor; empty: 1 each
  /// [forest] the first tree behind it, where several forests are averaged one by one and then with each
  /// other, as ilastik's; empty: all trees are one forest.
  std::vector<std::int32_t> forest_ends;

  int tree_count() const { return narrow<int>(roots.size()); }
  std::size_t node_count() const { return channel.size(); }
  std::size_t leaf_count() const {
    return class_count > 0 ? leaf_fractions.size() / to_size(class_count) : 0;
  }
  /// The fractions of the leaf that `reference` names, class_count of them.
  /// \pre reference < 0
  const float* fractions(std::int32_t reference) const {
    return leaf_fractions.data() + static_cast<std::ptrdiff_t>(~reference) * class_count;
  }
  friend bool operator==(const Forest&, const Forest&) = default;

  /// For Boost.Serialization, between ranks only: never load an archive from a file.
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& channel_count& class_count& roots& channel& threshold& left& right& leaf_fractions;
    archive& leaf_weights& forest_ends;
  }
};

/// Adds the trees of `more` behind those of `forest`.
/// \pre    Both have the same channel and class counts, and neither leaf weights nor forests within.
/// \throws InputError when the sum has more nodes or leaves than references can name (2^31).
void append(Forest& forest, const Forest& more);

/// Checks everything a walk relies on: array lengths, references, channels, class count, that every node and
/// leaf has exactly one way to it and nodes come after their parent (so that no walk can cycle), numbers for
/// thresholds, fractions from 0 to their leaf's weight, forests that share out the trees.
///
/// \param subject  What the forest came from, for the message: a file name.
/// \throws InputError naming the subject and the first thing that is wrong.
void validate(const Forest& forest, const std::string& subject);

}  // namespace cleft
