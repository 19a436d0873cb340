#pragma once

#include <functional>
#include <stop_token>

#include "forest/forest.hpp"
#include "forest/out_of_bag.hpp"
#include "forest/samples.hpp"
#include "forest/train_options.hpp"

namespace cleft {

/// How many trees at most are grown to judge by stroke. Each voxel is then judged by some 18 trees; on real
/// strokes that is within a point of what 100 trees say, for half of the time that they take.
inline constexpr int stroke_tree_limit = 50;

/// Some trees of a forest, and what they say about the samples that they were not grown from.
struct TrainedTrees {
  Forest forest;
  OutOfBag out_of_bag;
};

/// Grows trees first_tree … end_tree − 1 of the forest that `options` and `samples` define (Breiman, "Random
/// Forests", 2001; see forest/train/grow_tree.hpp). Tree t draws its random numbers from stream t of the
/// seed, so it is the same whoever grows it: the whole forest is that of any division into consecutive
/// ranges, appended in order, and the out-of-bag sums of the ranges add up to its sums. Not collective.
///
/// Where strokes are known (Samples::strokes), each of the first stroke_tree_limit trees has another one
/// grown beside it that is no part of the forest: without some whole strokes (forest/train/stroke_bag.hpp),
/// to judge their voxels. The forest's own trees cannot do that: a stroke's voxels are near copies of each
/// other, and hardly a bag as Breiman draws it has no voxel at all of a stroke of twenty. The random numbers
/// of such a tree are from a stream of its own.
///
/// \param threads  How many trees to grow at once; makes no difference to the result.
/// \param grown    Called after each tree, on one thread at a time.
/// \param stop     Looked at between trees, between nodes, and between channels of the out-of-bag sums. Makes
///                 no difference to the result where no stop is requested.
/// \returns        The trees in order; an empty forest with zero sums when the range is empty.
/// \pre            check_samples passes; options.min_leaf >= 1; fewer than 2^32 samples; the same samples in
///                 the same order for every range.
/// \throws         InputError when the trees have more nodes than references can name; Stopped
///                 (base/stopped.hpp) when a stop was requested before the last tree was done; what `grown`
///                 throws.
TrainedTrees train_trees(
    const Samples& samples, const TrainOptions& options, int first_tree, int end_tree, int threads,
    const std::function<void()>& grown = [] {}, const std::stop_token& stop = {});

}  // namespace cleft
