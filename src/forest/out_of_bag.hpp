#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/random.hpp"
#include "forest/forest.hpp"
#include "forest/samples.hpp"

namespace cleft {

/// How trees vote on the samples they were not grown from: those out of their *bag*. All are whole numbers
/// that add up over trees, so the sums are the same in any order and for any division of the trees. A tree
/// *answers* a sample with the class that its leaf gives most.
struct OutOfBag {
  std::vector<std::int64_t> votes;  ///< [sample][class] leaf fractions in steps of 2^-32, summed
  std::vector<std::int64_t>
      right_answers_lost;    ///< [channel] right answers lost when it was permuted; may be negative
  std::int64_t answers = 0;  ///< pairs of a tree and a sample out of its bag
  /// [sample][class] likewise, of trees that were grown without the sample's whole stroke, and for nothing
  /// else (see train_trees); empty where strokes are not known.
  std::vector<std::int64_t> votes_without_stroke;

  OutOfBag() = default;
  /// All zero, of the size these samples need.
  explicit OutOfBag(const Samples& samples);
};

/// Adds one tree's part: its votes, and how many right answers it loses when one channel's values are
/// permuted among its out-of-bag samples (Breiman, "Random Forests", 2001, section 10), for each channel in
/// turn.
///
/// \param tree   A forest of one tree, grown from these samples with these draws.
/// \param draws  [sample] how often the tree drew it; 0 = out of bag.
/// \param random The stream that permutations are drawn from.
/// \param stop   Looked at before the votes and before each channel.
/// \throws Stopped (base/stopped.hpp) when a stop was requested; `sums` are of no use then.
/// \pre sums are of these samples; fewer than 2^32 samples.
void add_tree(OutOfBag& sums, const Forest& tree, const Samples& samples,
              const std::vector<std::uint32_t>& draws, Random& random, const std::stop_token& stop = {});

/// Adds one tree's votes on some samples: leaf fractions in steps of 2^-32.
/// \param votes   [sample][class]
/// \param judged  The samples that it votes on.
void add_votes(std::vector<std::int64_t>& votes, const Forest& tree, const Samples& samples,
               std::span<const std::uint32_t> judged);

/// Adds what other trees said about the same samples.
/// \pre Both are of the same samples.
void add(OutOfBag& sums, const OutOfBag& more);

}  // namespace cleft
