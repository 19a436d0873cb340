#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "forest/forest.hpp"
#include "io/h5/file.hpp"

namespace cleft {

/// One tree of a random forest as VIGRA 1.11 stores it: two arrays that refer into each other. topology[0] is
/// the number of features, [1] that of classes, and the root's record begins at 2. A record is its kind,
/// where its parameters begin, and for a threshold both children's records and the feature it tests.
struct VigraTree {
  std::vector<std::int32_t> topology;
  std::vector<double> parameters;
};

/// What a VIGRA forest says of itself.
struct VigraForestFacts {
  std::int32_t feature_count = 0;
  std::int32_t class_count = 0;
  bool weighted = false;  ///< a leaf counts as often as training samples are in it
};

/// Appends a tree to a forest whose channel and class counts are already set.
///
/// \param class_of  [the tree's class] which class of the forest it is; forest.class_count may be larger.
/// \param subject   What the tree came from, for messages.
/// \pre             class_of has facts.class_count entries, each below forest.class_count and no two alike.
/// \throws          InputError naming subject and node when an address, feature, number or kind of node is
///                  wrong, or when a node has two parents (so that no walk can cycle).
void append_vigra_tree(Forest& forest, const VigraTree& tree, const VigraForestFacts& facts,
                       const std::vector<std::int32_t>& class_of, const std::string& subject);

/// One tree of a forest as VIGRA's arrays.
/// \pre validate() passes for the forest; tree < forest.tree_count()
VigraTree to_vigra_tree(const Forest& forest, int tree);

/// Reads the group in which ilastik keeps its forests (ForestNNNN, known_labels). All their trees become one
/// Forest, each of ilastik's forests a sub-forest of it, averaged on its own as ilastik does.
///
/// \param label_count  Labels that the project names; those never trained get probability 0.
/// \throws InputError when anything in it is missing or contradicts the rest; what comes back passes
///         validate().
Forest read_vigra_forests(const h5::Group& classifier, std::int32_t label_count);

/// Writes a forest as one VIGRA forest into `group`, which VIGRA's own loader then reads.
/// \param sample_count  Labelled voxels it was trained on.
/// \throws IoError when the file cannot be written.
/// \pre validate() passes for the forest, whose leaves have no weights; sub-forests are not looked at
void write_vigra_forest(h5::Group group, const Forest& forest, std::int64_t sample_count);

}  // namespace cleft
