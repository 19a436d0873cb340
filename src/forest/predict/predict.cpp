#include "forest/predict/predict.hpp"

#include <algorithm>
#include <vector>

#include "base/narrow.hpp"
#include "blocks/block_grid.hpp"
#include "forest/predict/leaf_sums.hpp"
#include "forest/predict/predict_block.hpp"

namespace cleft {
namespace {

/// Words that share the nodes of all trees while their codes are in the second-level cache.
constexpr std::size_t words_of_block = 128;

/// Cuts a volume into pieces of some thousand voxels, in rows as long as words of any shape like them.
BlockGrid pieces_of(const Extent& extent) {
  constexpr std::int64_t sections = 4, rows = 16, row = 128;
  const std::int64_t thick = std::min(extent.z, sections);
  return {extent, {thick, rows, extent.y == 1 ? sections * rows * row / thick : row}, {}};
}

std::size_t max_words(const BlockGrid& pieces, Alike alike) {
  std::size_t most = 0;
  for (std::int64_t n = 0; n < pieces.count(); ++n)
    most = std::max(most, VoxelWords(pieces.owned(n).extent(), alike).word_count());
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

}  // namespace

void Predictor::predict(std::span<const View3<const float>> channels,
                        std::span<const View3<float>> probabilities, Alike alike) const {
  const Extent extent = channels.front().extent();
  if (voxel_count(extent) == 0) return;
  const BlockGrid pieces = pieces_of(extent);
  PredictBlock block(packed_, max_words(pieces, alike));
  VoxelCodes codes(packed_.groups.front());  // of one group at a time
  for (std::int64_t n = 0; n < pieces.count(); ++n) {
    const auto values = parts(channels, pieces.owned(n));
    block.begin(0, VoxelWords(values.front().extent(), alike).word_count());
    for (const PackedGroup& group : packed_.groups) {
      codes.use_for(group);
      codes.begin(values.front().extent(), alike);
      add_rows(codes, values);
      block.add_group(codes, values);
    }
    block.store(codes, parts(probabilities, pieces.owned(n)));
  }
}

void Predictor::predict(std::span<const float* const> channels, std::size_t count,
                        std::span<float* const> probabilities) const {
  const Extent extent{1, 1, narrow<std::int64_t>(count)};
  std::vector<View3<const float>> in;
  std::vector<View3<float>> out;
  for (const float* channel : channels) in.emplace_back(channel, extent);
  for (float* probability : probabilities) out.emplace_back(probability, extent);
  predict(in, out, Alike::section);
}

bool Predictor::codes_suffice() const {
  return packed_.groups.size() == 1 && packed_.groups.front().packed;
}

bool Predictor::surely_codes_suffice(const Forest& forest) {
  return is_surely_one_group(forest);
}

void Predictor::predict(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const {
  const std::size_t count = codes.words().word_count();
  PredictBlock block(packed_, std::min(words_of_block, count));
  for (std::size_t word = 0; word < count; word += words_of_block) {
    block.begin(word, std::min(words_of_block, count - word));
    block.add_group(codes, {});
    block.store(codes, probabilities);
  }
}

std::size_t Predictor::working_bytes(const Forest& forest) {
  // Of a block's voxels: codes of one group where they are made here, sums and votes; less is what is walked
  // at a time. Words at a piece's ends may be partly outside.
  constexpr std::size_t voxels = 2 * words_of_block * LaneMasks::lanes, walks = std::size_t{1} << 19U;
  const auto classes = padded_classes(to_size(forest.class_count));
  const auto channels = std::min(to_size(forest.channel_count), PackedGroup::max_channels);
  return walks + voxels * (2 * channels + classes * (2 * sizeof(float) + 1) + sizeof(double) + 2);
}

}  // namespace cleft
