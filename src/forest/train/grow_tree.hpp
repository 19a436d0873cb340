#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/random.hpp"
#include "forest/forest.hpp"
#include "forest/samples.hpp"
#include "forest/train/ranked_channels.hpp"
#include "forest/train_options.hpp"

namespace cleft::forest {

/// A tree's bootstrap: as many draws with replacement as there are samples. With ClassBalance::none each draw
/// is from all samples; with `balanced` the classes that have samples take turns, so that each class is drawn
/// equally often, up to one draw.
///
/// \returns  [sample] how often it was drawn; 0 = out of bag.
/// \pre At least one and fewer than 2^32 samples.
std::vector<std::uint32_t> draw_bag(const Samples& samples, ClassBalance balance, Random& random);
/// The same from some of the samples alone, as many draws as these are.
/// \param members  At least one.
std::vector<std::uint32_t> draw_bag_of(std::span<const std::uint32_t> members, const Samples& samples,
                                       ClassBalance balance, Random& random);

/// One CART tree (Breiman et al. 1984; channels drawn per node as in Breiman, "Random Forests", 2001).
///
/// A node becomes a leaf when its draws are of one class, are fewer than 2 min_leaf, or no channel can divide
/// them. Other nodes take floor(sqrt(channels)) channels at random, and further ones only while none of them
/// can divide the draws, and split where the Gini impurity of the children is lowest (ties: the channel drawn
/// first, the lowest threshold). The threshold is a float above the left and not above the right neighbouring
/// value, so `<` is exact in float and double.
///
/// \param ranked Of the same samples.
/// \param draws  [sample] from draw_bag.
/// \param random Draws the channels.
/// \param stop   Looked at before each node.
/// \returns  A forest of one tree, its nodes in depth-first order, left before right.
/// \throws Stopped when a stop was requested.
/// \pre check_samples passes; min_leaf >= 1; at least one draw.
Forest grow_tree(const Samples& samples, const RankedChannels& ranked,
                 const std::vector<std::uint32_t>& draws, int min_leaf, Random& random,
                 const std::stop_token& stop = {});

/// The same with keys (see SplitSearch) of one type, which grow_tree chooses: for its tests.
/// \tparam Key  std::uint32_t or std::uint64_t.
/// \pre the ranks and what samples may be fit the bits of a key: 32, or 64, which always do
template <class Key>
Forest grow_tree_by(const Samples& samples, const RankedChannels& ranked,
                    const std::vector<std::uint32_t>& draws, int min_leaf, Random& random);

}  // namespace cleft::forest
