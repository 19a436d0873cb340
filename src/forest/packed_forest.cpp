#include "forest/packed_forest.hpp"

#include <algorithm>

#include "forest/leaf_sums.hpp"

namespace cleft {
namespace {

/// [leaf]; empty where a leaf does anything but vote.
std::vector<std::uint8_t> classes_of_votes(const Forest& forest) {
  constexpr int most_classes = 256;
  if (forest.class_count > most_classes) return {};
  std::vector<std::uint8_t> classes(forest.leaf_count());
  for (std::size_t leaf = 0; leaf < classes.size(); ++leaf) {
    const int c = voted_class(forest, leaf);
    if (c < 0) return {};
    classes[leaf] = static_cast<std::uint8_t>(c);
  }
  return classes;
}

std::size_t commonest(const std::vector<std::uint8_t>& classes, std::size_t class_count) {
  std::vector<std::size_t> leaves(class_count);
  for (const std::uint8_t c : classes) ++leaves[c];
  return static_cast<std::size_t>(std::max_element(leaves.begin(), leaves.end()) - leaves.begin());
}

PackedLeaves rows_of(const Forest& forest, const std::vector<std::int32_t>& leaves, bool weighted) {
  PackedLeaves packed;
  const auto classes = static_cast<std::size_t>(forest.class_count), padded = padded_classes(classes);
  packed.rows.resize(leaves.size() * padded);
  for (std::size_t i = 0; i < leaves.size(); ++i)
    std::copy_n(forest.fractions(~leaves[i]), classes, packed.rows.data() + i * padded);
  if (!weighted) return packed;
  for (const std::int32_t leaf : leaves)
    packed.weights.push_back(forest.leaf_weights[static_cast<std::size_t>(leaf)]);
  return packed;
}

}  // namespace

int voted_class(const Forest& forest, std::size_t leaf) {
  if (!forest.leaf_weights.empty() && forest.leaf_weights[leaf] != 1) return -1;
  const float* begin = forest.fractions(~static_cast<std::int32_t>(leaf));
  const float* end = begin + forest.class_count;
  const float* voted = std::find(begin, end, 1.0F);
  if (voted == end || std::count(begin, end, 0.0F) != forest.class_count - 1) return -1;
  return static_cast<int>(voted - begin);
}

PackedForest::PackedForest(const Forest& f)
    : forest(&f),
      weighted(std::any_of(f.leaf_weights.begin(), f.leaf_weights.end(), [](double w) { return w != 1; })) {
  const auto classes = classes_of_votes(f);
  votes = !classes.empty();

  std::vector<bool> reported;
  if (votes) {
    counted_last = commonest(classes, static_cast<std::size_t>(f.class_count));
    for (const std::uint8_t c : classes) reported.push_back(c != counted_last);
  }
  groups = pack_trees(f, reported);
  for (const PackedGroup& group : groups) {
    if (!votes) {
      leaves.push_back(rows_of(f, group.leaves, weighted));
      continue;
    }
    PackedLeaves of_group;
    for (const std::int32_t leaf : group.leaves)
      of_group.classes.push_back(classes[static_cast<std::size_t>(leaf)]);
    leaves.push_back(std::move(of_group));
  }
}

}  // namespace cleft
