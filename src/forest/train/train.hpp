#pragma once

#include <functional>
#include <stop_token>

#include "forest/forest.hpp"
#include "forest/out_of_bag.hpp"
#include "forest/samples.hpp"
#include "forest/train_options.hpp"

namespace cleft {

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
