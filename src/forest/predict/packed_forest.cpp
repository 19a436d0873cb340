#include "forest/predict/packed_forest.hpp"

#include <algorithm>

#include "base/narrow.hpp"
#include "forest/predict/leaf_sums.hpp"

namespace cleft {
namespace {

/// Nothing where a leaf does anything but vote.
std::optional<LeafVotes> votes_of(const Forest& forest) {
  if (forest.class_count > LeafVotes::max_classes) return std::nullopt;
  LeafVotes votes;
  votes.class_count = to_size(forest.class_count);
  std::vector<std::size_t> leaves(votes.class_count);
  for (std::size_t leaf = 0; leaf < forest.leaf_count(); ++leaf) {
    const int c = voted_class(forest, leaf);
    if (c < 0) return std::nullopt;
    votes.class_of.push_back(narrow<std::uint8_t>(c));
    ++leaves[to_size(c)];
  }
  const auto commonest = std::max_element(leaves.begin(), leaves.end());
  votes.counted_last = to_size(commonest - leaves.begin());
  return votes;
}

PackedLeaves rows_of(const Forest& forest, const std::vector<std::int32_t>& leaves, bool weighted) {
  PackedLeaves packed;
  const auto classes = to_size(forest.class_count), padded = padded_classes(classes);
  packed.rows.resize(leaves.size() * padded);
  for (std::size_t i = 0; i < leaves.size(); ++i)
    std::copy_n(forest.fractions(~leaves[i]), classes, packed.rows.data() + i * padded);
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
    : forest(&f),
      votes(votes_of(f)),
      weighted(std::any_of(f.leaf_weights.begin(), f.leaf_weights.end(), [](double w) { return w != 1; })),
      groups(pack_trees(f, votes ? &*votes : nullptr)) {
  for (const PackedGroup& group : groups)
    leaves.push_back(votes ? PackedLeaves{} : rows_of(f, group.leaves, weighted));
}

}  // namespace cleft
