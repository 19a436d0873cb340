#include "forest/predict/forest_voter.hpp"

#include <algorithm>
#include <vector>

#include "base/narrow.hpp"
#include "blocks/block_grid.hpp"
#include "forest/predict/leaf_sums.hpp"
#include "forest/predict/voting_batch.hpp"
#include "forest/tuning.hpp"

namespace cleft {
namespace {

using forest::CodedTrees;
using forest::LaneMasks;
using forest::PackedForest;
using forest::VotingBatch;
using forest::VoxelWords;

/// Cuts a volume into tiles of some thousand voxels, in rows as long as words of any shape like them.
BlockGrid tiles_of(const Extent& extent) {
  using forest::tile_row, forest::tile_rows, forest::tile_sections;
  const std::int64_t thick = std::min(extent.z, tile_sections);
  const std::int64_t row = extent.y == 1 ? tile_sections * tile_rows * tile_row / thick : tile_row;
  return {extent, {thick, tile_rows, row}, {}};
}

std::size_t max_words(const BlockGrid& tiles, Alike alike) {
  std::size_t most = 0;
  for (std::int64_t n = 0; n < tiles.count(); ++n)
    most = std::max(most, VoxelWords(tiles.owned(n).extent(), alike).word_count());
  return most;
}

template <class T>
std::vector<View3<T>> parts(std::span<const View3<T>> views, const Box& box) {
  std::vector<View3<T>> found;
  for (const View3<T>& view : views)
    found.push_back(view.data() == nullptr
                        ? View3<T>{}
                        : view.part({box.begin.z, box.begin.y, box.begin.x}, box.extent()));
  return found;
}

void add_rows(VoxelCodes& codes, std::span<const View3<const float>> channels) {
  const Extent extent = channels.front().extent();
  for (std::size_t c = 0; c < channels.size(); ++c)
    for (std::int64_t z = 0; z < extent.z; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y)
        codes.add_row(c, {z, y, 0}, {channels[c].row(z, y), to_size(extent.x)});
}

/// A part of a packed forest, which it keeps alive.
std::shared_ptr<const CodedTrees> shared(const std::shared_ptr<const PackedForest>& packed,
                                         const CodedTrees& trees) {
  return {packed, &trees};
}

}  // namespace

ForestVoter::ForestVoter(const Forest& forest) : packed_(std::make_shared<const PackedForest>(forest)) {}

void ForestVoter::vote(std::span<const View3<const float>> channels,
                       std::span<const View3<float>> probabilities, Alike alike) const {
  const Extent extent = channels.front().extent();
  if (voxel_count(extent) == 0) return;
  const BlockGrid tiles = tiles_of(extent);
  VotingBatch batch(packed_, max_words(tiles, alike));
  VoxelCodes codes = this->codes();  // for one of the forest's CodedTrees at a time
  for (std::int64_t n = 0; n < tiles.count(); ++n) {
    const auto values = parts(channels, tiles.owned(n));
    batch.begin(0, VoxelWords(values.front().extent(), alike).word_count());
    for (const CodedTrees& trees : packed_->coded) {
      codes.use_for(shared(packed_, trees));
      codes.begin(values.front().extent(), alike);
      add_rows(codes, values);
      batch.add(codes, values);
    }
    batch.store(codes, parts(probabilities, tiles.owned(n)));
  }
}

void ForestVoter::vote(std::span<const float* const> channels, std::size_t count,
                       std::span<float* const> probabilities) const {
  const Extent extent{1, 1, narrow<std::int64_t>(count)};
  std::vector<View3<const float>> in;
  std::vector<View3<float>> out;
  for (const float* channel : channels) in.emplace_back(channel, extent);
  for (float* probability : probabilities) out.emplace_back(probability, extent);
  vote(in, out, Alike::section);
}

bool ForestVoter::codes_suffice() const {
  return packed_->coded.size() == 1 && packed_->coded.front().coded;
}

bool ForestVoter::surely_codes_suffice(const Forest& forest) {
  return forest::is_surely_coded_as_one(forest);
}

VoxelCodes ForestVoter::codes() const {
  return VoxelCodes(shared(packed_, packed_->coded.front()));
}

void ForestVoter::vote(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const {
  const std::size_t count = codes.words().word_count();
  VotingBatch batch(packed_, std::min(forest::words_of_batch, count));
  for (std::size_t word = 0; word < count; word += forest::words_of_batch) {
    batch.begin(word, std::min(forest::words_of_batch, count - word));
    batch.add(codes, {});
    batch.store(codes, probabilities);
  }
}

std::size_t ForestVoter::working_bytes(const Forest& forest) {
  // Of a batch's voxels: codes for one set of trees where they are made here, sums and votes. What is walked
  // at a time takes less than `walks`. Twice the batch, since words at a tile's ends may be partly outside.
  constexpr std::size_t voxels = 2 * forest::words_of_batch * LaneMasks::lanes, walks = std::size_t{1} << 19U;
  const auto classes = forest::padded_classes(to_size(forest.class_count));
  const auto channels = std::min(to_size(forest.channel_count), CodedTrees::max_channels);
  return walks + voxels * (2 * channels + classes * (2 * sizeof(float) + 1) + sizeof(double) + 2);
}

}  // namespace cleft
