#include "forest/predict/voting_batch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/narrow.hpp"
#include "forest/predict/leaf_sums.hpp"

namespace cleft::forest {
namespace {

constexpr std::size_t lanes = LaneMasks::lanes;
constexpr int max_votes = 255;  // what a byte of votes_ holds

/// Pure leaves: few words and many trees, so that the codes stay in cache. Otherwise trees are walked one at
/// a time, and it pays to keep the tree's nodes, not the codes, in cache: all words go through it together.
std::size_t words_walked_together(const PackedForest& forest, std::size_t words) {
  return std::min(words, forest.pure ? words_together : LaneMasks::max_words);
}

std::size_t trees_walked_together(const PackedForest& forest) {
  return forest.pure ? std::size_t{trees_together} : 1;
}

}  // namespace

VotingBatch::VotingBatch(std::shared_ptr<const PackedForest> forest, std::size_t words)
    : forest_(std::move(forest)),
      voxels_(words * lanes),
      classes_(forest_->classes.size()),
      padded_(padded_classes(classes_)),
      words_at_once_(words_walked_together(*forest_, words)),
      walks_(words_at_once_, trees_walked_together(*forest_),
             forest_->pure ? LaneMasks::Addressing::by_voxel : LaneMasks::Addressing::by_word),
      masks_(forest_->pure ? trees_walked_together(*forest_) * classes_ * words_together : 0),
      votes_(forest_->pure ? classes_ * voxels_ : 0),
      leaf_of_(forest_->pure ? 0 : voxels_),
      sums_((forest_->pure ? classes_ : padded_) * voxels_),
      weights_(forest_->weighted ? voxels_ : 0),
      shares_(classes_ * voxels_) {}

void VotingBatch::begin(std::size_t first, std::size_t words) {
  first_ = first;
  words_ = words;
  next_trees_ = sub_forest_ = 0;
  first_of_sub_forest_ = 0;
  std::fill(shares_.begin(), shares_.end(), 0.0F);
  std::fill(leaf_of_.begin(), leaf_of_.end(), std::uint16_t{0});
  begin_sub_forest();
}

void VotingBatch::add(const VoxelCodes& codes, std::span<const View3<const float>> channels) {
  const CodedTrees& trees = forest_->coded[next_trees_];
  const PackedLeaves& leaves = forest_->leaves[next_trees_];
  for (const TreeBundle& bundle : trees.bundles) {
    add_bundle(trees, leaves, bundle, codes);
    done_to(bundle.end_tree);
  }
  if (!trees.coded) {
    add_plain_tree(trees, leaves, codes.words(), channels);
    done_to(trees.end_tree);
  }
  ++next_trees_;
}

void VotingBatch::add_bundle(const CodedTrees& trees, const PackedLeaves& leaves, const TreeBundle& bundle,
                             const VoxelCodes& codes) {
  const auto nodes = std::span(trees.nodes).subspan(bundle.first_node, bundle.node_count);
  make_room_for_votes(bundle.end_tree - bundle.first_tree);
  for (std::size_t word = 0; word < words_; word += words_at_once_) {
    const std::size_t count = std::min(words_at_once_, words_ - word);
    walks_.walk(nodes, bundle.roots, codes.of_words(first_ + word), trees.channels.size(),
                codes.live().subspan(first_ + word, count));
    if (forest_->pure)
      count_arrivals(word, count, bundle.roots.size());
    else
      add_leaves_of(word, count, leaves, bundle.first_leaf);
  }
}

/// Counts what came to the pure leaves of `trees` trees, from `words` words of the batch.
void VotingBatch::count_arrivals(std::size_t first_word, std::size_t words, std::size_t trees) {
  const auto masks = walks_.arrival_masks();
  const auto addresses = walks_.arrival_addresses();
  const std::size_t step = classes_ * words_together;
  std::fill_n(masks_.begin(), trees * step, std::uint64_t{0});
  // An address is (tag * words_together + word) * lanes + lane, the tag tree * classes + class.
  for (std::size_t i = 0; i < masks.size(); ++i) masks_[addresses[i] / lanes] |= masks[i];
  for (const std::uint32_t address : walks_.lone_arrivals())
    masks_[address / lanes] |= std::uint64_t{1} << address % lanes;
  for (std::size_t c = 0; c < classes_; ++c) {
    if (c == forest_->pure->counted_last) continue;
    const std::size_t before = c * words_together;
    add_votes(std::span<const std::uint64_t>(masks_).subspan(before, trees * step - before), step, words,
              std::span(votes_).subspan(c * voxels_ + first_word * lanes, words * lanes));
  }
}

/// Adds the fractions of the leaves that `words` words of the batch came to in one tree.
void VotingBatch::add_leaves_of(std::size_t first_word, std::size_t words, const PackedLeaves& leaves,
                                std::size_t first_leaf) {
  const auto leaf_of = std::span(leaf_of_).subspan(first_word * lanes, words * lanes);
  set_leaves(walks_.arrival_masks(), walks_.arrival_addresses(), leaf_of);
  add_rows(leaf_of, leaves.rows.data() + first_leaf * padded_, padded_,
           std::span(sums_).subspan(first_word * lanes * padded_));
  if (leaves.weights.empty()) return;
  for (std::size_t v = 0; v < leaf_of.size(); ++v)
    weights_[first_word * lanes + v] += leaves.weights[first_leaf + leaf_of[v]];
}

/// Walks a tree by its float thresholds. The voxels of a word advance by one node in turn, so that the
/// processor works on others while it waits for one voxel's node.
void VotingBatch::add_plain_tree(const CodedTrees& tree, const PackedLeaves& leaves, const VoxelWords& words,
                                 std::span<const View3<const float>> channels) {
  const PlainTree& plain = tree.plain;
  make_room_for_votes(1);
  for (std::size_t word = 0; word < words_; ++word) {
    std::array<LocalVoxel, lanes> voxel_of{};
    std::array<std::int32_t, lanes> at{};
    std::uint64_t inside = 0;
    const auto note = [&](const LocalVoxel& first, std::int64_t voxels, std::size_t lane) {
      for (std::int64_t i = 0; i < voxels; ++i, ++lane) {
        voxel_of[lane] = {first.z, first.y, first.x + i};
        at[lane] = plain.root;
        inside |= std::uint64_t{1} << lane;
      }
    };
    words.for_each_row_of(first_ + word, note);
    for (bool walking = plain.root >= 0; walking;) {
      walking = false;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (at[lane] < 0 || (inside >> lane & 1U) == 0) continue;
        const auto n = to_size(at[lane]);
        const LocalVoxel& v = voxel_of[lane];
        const float value = channels[to_size(plain.channel[n])](v.z, v.y, v.x);
        at[lane] = static_cast<double>(value) < plain.threshold[n] ? plain.left[n] : plain.right[n];
        walking = walking || at[lane] >= 0;
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane)
      if ((inside >> lane & 1U) != 0) {
        const std::int32_t leaf = ~at[lane];
        add_plain_leaf(word * lanes + lane, to_size(leaf), tree, leaves);
      }
  }
}

void VotingBatch::add_plain_leaf(std::size_t voxel, std::size_t leaf, const CodedTrees& tree,
                                 const PackedLeaves& leaves) {
  if (forest_->pure) {
    ++votes_[forest_->pure->class_of[to_size(tree.leaves[leaf])] * voxels_ + voxel];
    return;
  }
  for (std::size_t c = 0; c < classes_; ++c) sums_[voxel * padded_ + c] += leaves.rows[leaf * padded_ + c];
  if (!weights_.empty()) weights_[voxel] += leaves.weights[leaf];
}

/// Counts the votes so far, if those of so many more trees might not fit a byte.
void VotingBatch::make_room_for_votes(int trees) {
  if (uncounted_trees_ + trees > max_votes) count_votes();
  uncounted_trees_ += trees;
}

/// Adds the votes to the sums. Whole numbers of votes are exact in float32.
void VotingBatch::count_votes() {
  for (std::size_t i = 0; i < votes_.size(); ++i) sums_[i] += narrow<float>(votes_[i]);
  std::fill(votes_.begin(), votes_.end(), std::uint8_t{0});
  uncounted_trees_ = 0;
}

void VotingBatch::begin_sub_forest() {
  std::fill(sums_.begin(), sums_.end(), 0.0F);
  std::fill(weights_.begin(), weights_.end(), 0.0);
  std::fill(votes_.begin(), votes_.end(), std::uint8_t{0});
  uncounted_trees_ = 0;
}

/// Called when all trees before `end_tree` are added.
void VotingBatch::done_to(int end_tree) {
  if (end_tree < forest_->sub_forests.end(sub_forest_)) return;
  end_sub_forest(end_tree - first_of_sub_forest_);
  first_of_sub_forest_ = end_tree;
  ++sub_forest_;
}

/// Averages over a sub-forest, after the last of its `trees` trees.
void VotingBatch::end_sub_forest(int trees) {
  count_votes();
  if (forest_->pure) {
    float* last = sums_.data() + forest_->pure->counted_last * voxels_;
    std::fill_n(last, voxels_, narrow<float>(trees));
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t v = 0; c != forest_->pure->counted_last && v < voxels_; ++v)
        last[v] -= sums_[c * voxels_ + v];
  }
  const std::size_t step = forest_->pure ? 1 : padded_, count = words_ * lanes;
  for (std::size_t c = 0; c < classes_; ++c) {
    const float* sums = sums_.data() + (forest_->pure ? c * voxels_ : c);
    float* shares = shares_.data() + c * voxels_;
    for (std::size_t v = 0; v < count; ++v) {
      const float average = mean(sums[v * step], weights_.empty() ? trees : weights_[v]);
      shares[v] += forest_->sub_forests.share(average, trees);
    }
  }
  begin_sub_forest();
}

void VotingBatch::store(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const {
  std::size_t c = 0;
  for (std::size_t of_forest = 0; of_forest < probabilities.size(); ++of_forest) {
    const bool is_given = c < classes_ && forest_->classes[c] == of_forest;
    const float* shares = is_given ? shares_.data() + c++ * voxels_ : nullptr;
    if (probabilities[of_forest].data() != nullptr) store_class(codes, shares, probabilities[of_forest]);
  }
}

/// \param shares  [voxel] null for a class that no leaf gives anything to.
void VotingBatch::store_class(const VoxelCodes& codes, const float* shares,
                              const View3<float>& probability) const {
  for (std::size_t word = 0; word < words_; ++word) {
    const std::uint64_t live_word = shares == nullptr ? 0 : codes.live()[first_ + word];
    codes.words().for_each_row_of(
        first_ + word, [&](const LocalVoxel& first, std::int64_t voxels, std::size_t lane) {
          const std::uint64_t live = live_word >> lane;
          float* to = probability.row(first.z, first.y) + first.x;
          for (std::int64_t i = 0; i < voxels; ++i)
            to[i] = (live >> narrow<unsigned>(i) & 1U) != 0
                        ? forest_->sub_forests.mean_of_shares(shares[word * lanes + lane + to_size(i)])
                        : 0.0F;
        });
  }
}

}  // namespace cleft::forest
