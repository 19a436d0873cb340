#include "forest/predict_block.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include <hwy/cache_control.h>

#include "forest/average.hpp"
#include "forest/leaf_sums.hpp"

namespace cleft {
namespace {

constexpr std::size_t lanes = LaneMasks::lanes;
constexpr int most_votes = 255;

std::size_t most_channels(const PackedForest& forest) {
  std::size_t most = 0;
  for (const PackedGroup& group : forest.groups) most = std::max(most, group.channels.size());
  return most;
}

/// Brings the next tree's nodes near while the one before it is walked, unless they are so many that they
/// would drive out that one's.
void fetch(const PackedGroup& group, const PackedTree& tree) {
  constexpr std::size_t most_nodes = 2048;
  if (tree.node_count > most_nodes) return;
  constexpr std::size_t nodes_per_line = 64 / sizeof(PackedNode);
  for (std::size_t n = 0; n < tree.node_count; n += nodes_per_line)
    hwy::Prefetch(group.nodes.data() + tree.first_node + n);
}

/// The same for a row of values: a part's rows are too short for the processor to foresee the next.
void fetch(std::span<const float> row) {
  constexpr std::size_t values_per_line = 64 / sizeof(float);
  for (std::size_t i = 0; i < row.size(); i += values_per_line) hwy::Prefetch(row.data() + i);
}

template <std::size_t length>
void scatter_pieces(std::span<const std::int16_t> row, std::int16_t* to, std::size_t step) {
  for (std::size_t x = 0; x < row.size(); x += length, to += step) std::copy_n(row.data() + x, length, to);
}

/// Copies pieces of a row to places that are `step` apart.
/// \pre row.size() is a multiple of `length`, which is that of a word's row.
void scatter(std::span<const std::int16_t> row, std::size_t length, std::int16_t* to, std::size_t step) {
  if (length == 4) return scatter_pieces<4>(row, to, step);
  if (length == 8) return scatter_pieces<8>(row, to, step);
  return scatter_pieces<lanes>(row, to, step);
}

}  // namespace

PredictBlock::PredictBlock(const PackedForest& forest, std::size_t words)
    : packed_(forest),
      words_(words),
      voxels_(words * lanes),
      classes_(static_cast<std::size_t>(forest.forest->class_count)),
      padded_(padded_classes(classes_)),
      walks_(words),
      live_(words),
      codes_(hwy::AllocateAligned<std::int16_t>(std::max<std::size_t>(most_channels(forest), 1) * voxels_)),
      masks_(forest.votes ? classes_ * words : 0),
      votes_(forest.votes ? classes_ * voxels_ : 0),
      leaf_of_(forest.votes ? 0 : voxels_),
      sums_((forest.votes ? classes_ : padded_) * voxels_),
      weights_(forest.weighted ? voxels_ : 0),
      shares_(classes_ * voxels_) {
  if (!codes_) throw std::bad_alloc();
  std::fill_n(codes_.get(), most_channels(forest) * voxels_, std::int16_t{0});
}

void PredictBlock::predict(const VoxelWords& part, std::span<const View3<const float>> channels,
                           std::span<const View3<float>> probabilities) {
  part_ = part;
  find_live(channels);
  std::fill(shares_.begin(), shares_.end(), 0.0F);
  std::fill(leaf_of_.begin(), leaf_of_.end(), std::uint16_t{0});
  begin_forest();
  const Forest& forest = *packed_.forest;
  std::size_t f = 0;
  int first_of_forest = 0;
  for (std::size_t g = 0; g < packed_.groups.size(); ++g) {
    const PackedGroup& group = packed_.groups[g];
    if (group.packed) encode(group, channels);
    for (int tree = group.first_tree; tree < group.end_tree; ++tree) {
      if (group.packed)
        add_packed_tree(group, packed_.leaves[g], static_cast<std::size_t>(tree - group.first_tree));
      else
        add_large_tree(forest.roots[static_cast<std::size_t>(tree)], channels);
      if (++uncounted_trees_ == most_votes) count_votes();
      if (tree + 1 < forest_end(forest, f)) continue;
      end_forest(tree + 1 - first_of_forest);
      first_of_forest = tree + 1;
      ++f;
    }
  }
  store(probabilities);
}

/// All voxels inside the volume, but for NaN of channels that `encode` will not look at first.
void PredictBlock::find_live(std::span<const View3<const float>> channels) {
  std::fill(live_.begin(), live_.end(), std::uint64_t{0});
  std::vector<bool> encoded(channels.size());
  for (const std::int32_t c : packed_.groups.front().channels) encoded[static_cast<std::size_t>(c)] = true;
  part_.for_each_row([&](std::int64_t z, std::int64_t y, std::size_t row_word, std::size_t lane) {
    part_.for_each_piece(row_word, [&](std::int64_t, std::int64_t count, std::size_t word) {
      live_[word] |= ~std::uint64_t{0} >> static_cast<unsigned>(std::int64_t{lanes} - count) << lane;
    });
    for (std::size_t c = 0; c < channels.size(); ++c)
      if (!encoded[c]) drop_nan(row_of(channels[c], z, y), row_word, lane);
  });
}

/// A voxel of this row whose value is NaN is not live.
void PredictBlock::drop_nan(const float* values, std::size_t row_word, std::size_t lane) {
  part_.for_each_piece(row_word, [&](std::int64_t x, std::int64_t count, std::size_t word) {
    for (std::int64_t i = 0; i < count; ++i)
      if (std::isnan(values[x + i]))
        live_[word] &= ~(std::uint64_t{1} << (lane + static_cast<std::size_t>(i)));
  });
}

void PredictBlock::encode(const PackedGroup& group, std::span<const View3<const float>> channels) {
  const auto in_word = static_cast<std::size_t>(part_.word.x),
             length = static_cast<std::size_t>(part_.inside.x);
  row_.resize((length + in_word - 1) / in_word * in_word);
  for (std::size_t c = 0; c < group.channels.size(); ++c) {
    const auto& channel = channels[static_cast<std::size_t>(group.channels[c])];
    const bool last = c + 1 == group.channels.size();
    const auto* next = last ? nullptr : &channels[static_cast<std::size_t>(group.channels[c + 1])];
    part_.for_each_row([&](std::int64_t z, std::int64_t y, std::size_t row_word, std::size_t lane) {
      const float* values = row_of(channel, z, y);
      if (next != nullptr) fetch({row_of(*next, z, y), length});
      if (group.codes[c].encode({values, length}, std::span(row_).first(length)))
        drop_nan(values, row_word, lane);
      std::int16_t* to = codes_.get() + (row_word * group.channels.size() + c) * lanes + lane;
      scatter(row_, in_word, to, group.channels.size() * lanes);
    });
  }
}

void PredictBlock::add_packed_tree(const PackedGroup& group, const PackedLeaves& leaves, std::size_t tree) {
  const PackedTree& packed = group.trees[tree];
  const auto live = std::span<const std::uint64_t>(live_).first(part_.word_count());
  std::vector<std::uint32_t> keys;  // of a tree that is one leaf, which all come to
  if (tree + 1 < group.trees.size()) fetch(group, group.trees[tree + 1]);
  if (packed.node_count > 0)
    walks_.walk(std::span(group.nodes).subspan(packed.first_node, packed.node_count), codes_.get(),
                group.channels.size(), live);
  else
    for (std::uint32_t word = 0; word < live.size(); ++word) keys.push_back(word);
  const auto masks = packed.node_count > 0 ? walks_.report_masks() : live;
  const auto leaf_keys = packed.node_count > 0 ? walks_.report_keys() : std::span<const std::uint32_t>(keys);
  if (packed_.votes)
    add_votes_of(masks, leaf_keys, leaves.classes.data() + packed.first_leaf);
  else
    add_leaves_of(masks, leaf_keys, leaves, packed.first_leaf);
}

void PredictBlock::add_votes_of(std::span<const std::uint64_t> masks,
                                std::span<const std::uint32_t> leaf_keys, const std::uint8_t* classes) {
  std::fill(masks_.begin(), masks_.end(), std::uint64_t{0});
  for (std::size_t i = 0; i < masks.size(); ++i)
    masks_[classes[leaf_keys[i] >> 8U] * words_ + (leaf_keys[i] & 0xffU)] |= masks[i];
  for (std::size_t c = 0; c < classes_; ++c) {
    if (c == packed_.counted_last) continue;
    add_votes(std::span(masks_).subspan(c * words_, part_.word_count()),
              std::span(votes_).subspan(c * voxels_, voxels_));
  }
}

void PredictBlock::add_leaves_of(std::span<const std::uint64_t> masks,
                                 std::span<const std::uint32_t> leaf_keys, const PackedLeaves& leaves,
                                 std::size_t first_leaf) {
  set_leaves(masks, leaf_keys, leaf_of_);
  const auto leaf_of = std::span<const std::uint16_t>(leaf_of_).first(part_.word_count() * lanes);
  add_rows(leaf_of, leaves.rows.data() + first_leaf * padded_, padded_, sums_);
  if (leaves.weights.empty()) return;
  for (std::size_t v = 0; v < leaf_of.size(); ++v) weights_[v] += leaves.weights[first_leaf + leaf_of[v]];
}

/// A row of voxels advances by one node in turn, so that the processor overlaps the waiting.
void PredictBlock::add_large_tree(std::int32_t root, std::span<const View3<const float>> channels) {
  const Forest& forest = *packed_.forest;
  std::vector<std::int32_t> at(static_cast<std::size_t>(part_.inside.x));
  part_.for_each_row([&](std::int64_t z, std::int64_t y, std::size_t row_word, std::size_t lane) {
    std::fill(at.begin(), at.end(), root);
    for (bool walking = root >= 0; walking;) {
      walking = false;
      for (std::size_t x = 0; x < at.size(); ++x) {
        if (at[x] < 0) continue;
        const auto n = static_cast<std::size_t>(at[x]);
        const auto& channel = channels[static_cast<std::size_t>(forest.channel[n])];
        const float value = row_of(channel, z, y)[x];
        at[x] = static_cast<double>(value) < forest.threshold[n] ? forest.left[n] : forest.right[n];
        walking = walking || at[x] >= 0;
      }
    }
    part_.for_each_piece(row_word, [&](std::int64_t x, std::int64_t count, std::size_t word) {
      for (std::int64_t i = 0; i < count; ++i)
        add_large_leaf(word * lanes + lane + static_cast<std::size_t>(i),
                       ~at[static_cast<std::size_t>(x + i)]);
    });
  });
}

void PredictBlock::add_large_leaf(std::size_t voxel, std::int32_t leaf) {
  const Forest& forest = *packed_.forest;
  if (packed_.votes) {
    ++votes_[static_cast<std::size_t>(voted_class(forest, static_cast<std::size_t>(leaf))) * voxels_ + voxel];
    return;
  }
  for (std::size_t c = 0; c < classes_; ++c) sums_[voxel * padded_ + c] += forest.fractions(~leaf)[c];
  if (!weights_.empty()) weights_[voxel] += weight_of(forest, ~leaf);
}

/// Whole numbers of votes are exact in float32.
void PredictBlock::count_votes() {
  for (std::size_t i = 0; i < votes_.size(); ++i) sums_[i] += static_cast<float>(votes_[i]);
  std::fill(votes_.begin(), votes_.end(), std::uint8_t{0});
  uncounted_trees_ = 0;
}

void PredictBlock::begin_forest() {
  std::fill(sums_.begin(), sums_.end(), 0.0F);
  std::fill(weights_.begin(), weights_.end(), 0.0);
  std::fill(votes_.begin(), votes_.end(), std::uint8_t{0});
  uncounted_trees_ = 0;
}

/// After the last of a forest's `trees` trees.
void PredictBlock::end_forest(int trees) {
  count_votes();
  if (packed_.votes) {
    float* last = sums_.data() + packed_.counted_last * voxels_;
    std::fill_n(last, voxels_, static_cast<float>(trees));
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t v = 0; c != packed_.counted_last && v < voxels_; ++v)
        last[v] -= sums_[c * voxels_ + v];
  }
  const std::size_t step = packed_.votes ? 1 : padded_, count = part_.word_count() * lanes;
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

void PredictBlock::store(std::span<const View3<float>> probabilities) const {
  for (std::size_t c = 0; c < classes_; ++c)
    part_.for_each_row([&](std::int64_t z, std::int64_t y, std::size_t row_word, std::size_t lane) {
      float* to = row_of(probabilities[c], z, y);
      part_.for_each_piece(row_word, [&](std::int64_t x, std::int64_t count, std::size_t word) {
        const float* shares = shares_.data() + c * voxels_ + word * lanes + lane;
        const std::uint64_t live = live_[word] >> lane;
        for (std::int64_t i = 0; i < count; ++i)
          to[x + i] = (live >> static_cast<unsigned>(i) & 1U) != 0
                          ? mean_of_forests(*packed_.forest, shares[i])
                          : 0.0F;
      });
    });
}

}  // namespace cleft
