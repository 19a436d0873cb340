#include "forest/predict/predict_block.hpp"

#include <algorithm>
#include <array>

#include "base/narrow.hpp"
#include "forest/average.hpp"
#include "forest/predict/leaf_sums.hpp"

namespace cleft {
namespace {

constexpr std::size_t lanes = LaneMasks::lanes;
constexpr int max_votes = 255;

/// Of trees that are walked one by one, the nodes are better kept near than the codes.
std::size_t words_walked_together(const PackedForest& forest, std::size_t words) {
  return std::min(words, forest.votes ? LaneMasks::words_together : LaneMasks::max_words);
}

std::size_t trees_at_once(const PackedForest& forest) {
  return forest.votes ? std::size_t{LeafVotes::trees_at_once} : 1;
}

}  // namespace

PredictBlock::PredictBlock(const PackedForest& forest, std::size_t words)
    : packed_(forest),
      voxels_(words * lanes),
      classes_(to_size(forest.forest->class_count)),
      padded_(padded_classes(classes_)),
      words_at_once_(words_walked_together(forest, words)),
      walks_(words_at_once_, trees_at_once(forest),
             forest.votes ? LaneMasks::KeysAre::of_voxels : LaneMasks::KeysAre::of_words),
      masks_(forest.votes ? trees_at_once(forest) * classes_ * LaneMasks::words_together : 0),
      votes_(forest.votes ? classes_ * voxels_ : 0),
      leaf_of_(forest.votes ? 0 : voxels_),
      sums_((forest.votes ? classes_ : padded_) * voxels_),
      weights_(forest.weighted ? voxels_ : 0),
      shares_(classes_ * voxels_) {}

void PredictBlock::begin(std::size_t first, std::size_t words) {
  first_ = first;
  words_ = words;
  next_group_ = forest_ = 0;
  first_of_forest_ = 0;
  std::fill(shares_.begin(), shares_.end(), 0.0F);
  std::fill(leaf_of_.begin(), leaf_of_.end(), std::uint16_t{0});
  begin_forest();
}

void PredictBlock::add_group(const VoxelCodes& codes, std::span<const View3<const float>> channels) {
  const PackedGroup& group = packed_.groups[next_group_];
  for (const PackedBatch& batch : group.batches) {
    add_batch(group, packed_.leaves[next_group_], batch, codes);
    done_to(batch.end_tree);
  }
  if (!group.packed) {
    const auto tree = to_size(group.first_tree);
    add_large_tree(packed_.forest->roots[tree], codes.words(), channels);
    done_to(group.end_tree);
  }
  ++next_group_;
}

void PredictBlock::add_batch(const PackedGroup& group, const PackedLeaves& leaves, const PackedBatch& batch,
                             const VoxelCodes& codes) {
  const auto nodes = std::span(group.nodes).subspan(batch.first_node, batch.node_count);
  note_trees(batch.end_tree - batch.first_tree);
  for (std::size_t word = 0; word < words_; word += words_at_once_) {
    const std::size_t count = std::min(words_at_once_, words_ - word);
    walks_.walk(nodes, batch.roots, codes.of_words(first_ + word), group.channels.size(),
                codes.live().subspan(first_ + word, count));
    if (packed_.votes)
      count_reports(word, count, batch.roots.size());
    else
      add_leaves_of(word, count, leaves, batch.first_leaf);
  }
}

/// What came to the leaves of `trees` trees, from `words` words of the block.
void PredictBlock::count_reports(std::size_t first_word, std::size_t words, std::size_t trees) {
  const auto masks = walks_.report_masks();
  const auto keys = walks_.report_keys();
  const std::size_t step = classes_ * LaneMasks::words_together;
  std::fill_n(masks_.begin(), trees * step, std::uint64_t{0});
  // A key is (place * words_together + word) * lanes + lane.
  for (std::size_t i = 0; i < masks.size(); ++i) masks_[keys[i] / lanes] |= masks[i];
  for (const std::uint32_t key : walks_.lone_reports())
    masks_[key / lanes] |= std::uint64_t{1} << key % lanes;
  for (std::size_t c = 0; c < classes_; ++c) {
    if (c == packed_.votes->counted_last) continue;
    const std::size_t before = c * LaneMasks::words_together;
    add_votes(std::span<const std::uint64_t>(masks_).subspan(before, trees * step - before), step, words,
              std::span(votes_).subspan(c * voxels_ + first_word * lanes, words * lanes));
  }
}

void PredictBlock::add_leaves_of(std::size_t first_word, std::size_t words, const PackedLeaves& leaves,
                                 std::size_t first_leaf) {
  const auto leaf_of = std::span(leaf_of_).subspan(first_word * lanes, words * lanes);
  set_leaves(walks_.report_masks(), walks_.report_keys(), leaf_of);
  add_rows(leaf_of, leaves.rows.data() + first_leaf * padded_, padded_,
           std::span(sums_).subspan(first_word * lanes * padded_));
  if (leaves.weights.empty()) return;
  for (std::size_t v = 0; v < leaf_of.size(); ++v)
    weights_[first_word * lanes + v] += leaves.weights[first_leaf + leaf_of[v]];
}

/// The voxels of a word advance by one node in turn, so that the processor overlaps the waiting.
void PredictBlock::add_large_tree(std::int32_t root, const VoxelWords& words,
                                  std::span<const View3<const float>> channels) {
  const Forest& forest = *packed_.forest;
  note_trees(1);
  for (std::size_t word = 0; word < words_; ++word) {
    std::array<LocalVoxel, lanes> voxel_of{};
    std::array<std::int32_t, lanes> at{};
    std::uint64_t inside = 0;
    const auto note = [&](const LocalVoxel& first, std::int64_t voxels, std::size_t lane) {
      for (std::int64_t i = 0; i < voxels; ++i, ++lane) {
        voxel_of[lane] = {first.z, first.y, first.x + i};
        at[lane] = root;
        inside |= std::uint64_t{1} << lane;
      }
    };
    words.for_each_row_of(first_ + word, note);
    for (bool walking = root >= 0; walking;) {
      walking = false;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (at[lane] < 0 || (inside >> lane & 1U) == 0) continue;
        const auto n = to_size(at[lane]);
        const LocalVoxel& v = voxel_of[lane];
        const float value = channels[to_size(forest.channel[n])](v.z, v.y, v.x);
        at[lane] = static_cast<double>(value) < forest.threshold[n] ? forest.left[n] : forest.right[n];
        walking = walking || at[lane] >= 0;
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane)
      if ((inside >> lane & 1U) != 0) add_large_leaf(word * lanes + lane, ~at[lane]);
  }
}

void PredictBlock::add_large_leaf(std::size_t voxel, std::int32_t leaf) {
  const Forest& forest = *packed_.forest;
  if (packed_.votes) {
    ++votes_[packed_.votes->class_of[to_size(leaf)] * voxels_ + voxel];
    return;
  }
  for (std::size_t c = 0; c < classes_; ++c) sums_[voxel * padded_ + c] += forest.fractions(~leaf)[c];
  if (!weights_.empty()) weights_[voxel] += weight_of(forest, ~leaf);
}

/// So many more are about to vote.
void PredictBlock::note_trees(int trees) {
  if (uncounted_trees_ + trees > max_votes) count_votes();
  uncounted_trees_ += trees;
}

/// Whole numbers of votes are exact in float32.
void PredictBlock::count_votes() {
  for (std::size_t i = 0; i < votes_.size(); ++i) sums_[i] += narrow<float>(votes_[i]);
  std::fill(votes_.begin(), votes_.end(), std::uint8_t{0});
  uncounted_trees_ = 0;
}

void PredictBlock::begin_forest() {
  std::fill(sums_.begin(), sums_.end(), 0.0F);
  std::fill(weights_.begin(), weights_.end(), 0.0);
  std::fill(votes_.begin(), votes_.end(), std::uint8_t{0});
  uncounted_trees_ = 0;
}

/// All trees before this one are added.
void PredictBlock::done_to(int end_tree) {
  if (end_tree < forest_end(*packed_.forest, forest_)) return;
  end_forest(end_tree - first_of_forest_);
  first_of_forest_ = end_tree;
  ++forest_;
}

/// After the last of a forest's `trees` trees.
void PredictBlock::end_forest(int trees) {
  count_votes();
  if (packed_.votes) {
    float* last = sums_.data() + packed_.votes->counted_last * voxels_;
    std::fill_n(last, voxels_, narrow<float>(trees));
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t v = 0; c != packed_.votes->counted_last && v < voxels_; ++v)
        last[v] -= sums_[c * voxels_ + v];
  }
  const std::size_t step = packed_.votes ? 1 : padded_, count = words_ * lanes;
  for (std::size_t c = 0; c < classes_; ++c) {
    const float* sums = sums_.data() + (packed_.votes ? c * voxels_ : c);
    float* shares = shares_.data() + c * voxels_;
    for (std::size_t v = 0; v < count; ++v) {
      const float average = mean(sums[v * step], weights_.empty() ? trees : weights_[v]);
      shares[v] += share_of_forest(*packed_.forest, average, trees);
    }
  }
  begin_forest();
}

void PredictBlock::store(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const {
  for (std::size_t word = 0; word < words_; ++word)
    codes.words().for_each_row_of(
        first_ + word, [&](const LocalVoxel& first, std::int64_t voxels, std::size_t lane) {
          const std::uint64_t live = codes.live()[first_ + word] >> lane;
          for (std::size_t c = 0; c < classes_; ++c) {
            if (probabilities[c].data() == nullptr) continue;
            const float* shares = shares_.data() + c * voxels_ + word * lanes + lane;
            float* to = probabilities[c].row(first.z, first.y) + first.x;
            for (std::int64_t i = 0; i < voxels; ++i)
              to[i] = (live >> narrow<unsigned>(i) & 1U) != 0 ? mean_of_forests(*packed_.forest, shares[i])
                                                              : 0.0F;
          }
        });
}

}  // namespace cleft
