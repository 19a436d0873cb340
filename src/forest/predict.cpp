#include "forest/predict.hpp"

#include <algorithm>
#include <vector>

#include "blocks/block_grid.hpp"
#include "forest/leaf_sums.hpp"
#include "forest/predict_block.hpp"

namespace cleft {
namespace {

/// Words that share the nodes of all trees while their codes are in the second-level cache.
constexpr std::size_t words_of_block = 128;

/// Cuts a volume into parts of some thousand voxels, rows of 64 and more.
BlockGrid parts_of(const Extent& extent) {
  constexpr std::int64_t sections = 4, voxels = 8192;
  Extent part{std::min(extent.z, sections), 0, 0};
  part.x = std::min(extent.x, std::max(voxels / part.z / extent.y, std::int64_t{128}));
  part.y = std::min(extent.y, std::max(voxels / part.z / part.x, std::int64_t{8}));
  return {extent, part, {}};
}

void predict_blocks(PredictBlock& block, const VoxelCodes& codes,
                    std::span<const View3<const float>> channels,
                    std::span<const View3<float>> probabilities) {
  const std::size_t count = codes.words().word_count();
  for (std::size_t word = 0; word < count; word += words_of_block)
    block.predict(codes, word, std::min(words_of_block, count - word), channels, probabilities);
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

}  // namespace

void Predictor::predict(std::span<const View3<const float>> channels,
                        std::span<const View3<float>> probabilities, Alike alike) const {
  const Extent extent = channels.front().extent();
  if (voxel_count(extent) == 0) return;
  const BlockGrid grid = parts_of(extent);
  VoxelCodes codes(packed_);
  PredictBlock block(packed_, words_of_block);
  for (std::int64_t n = 0; n < grid.count(); ++n) {
    const auto values = parts(channels, grid.core(n));
    codes.begin(values.front().extent(), alike);
    for (std::size_t c = 0; c < values.size(); ++c)
      for (std::int64_t z = 0; z < values[c].extent().z; ++z)
        for (std::int64_t y = 0; y < values[c].extent().y; ++y)
          codes.add_row(c, {z, y, 0}, {values[c].row(z, y), static_cast<std::size_t>(values[c].extent().x)});
    predict_blocks(block, codes, values, parts(probabilities, grid.core(n)));
  }
}

void Predictor::predict(std::span<const float* const> channels, std::size_t count,
                        std::span<float* const> probabilities) const {
  const Extent extent{1, 1, static_cast<std::int64_t>(count)};
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
  PredictBlock block(packed_, std::min(words_of_block, codes.words().word_count()));
  predict_blocks(block, codes, {}, probabilities);
}

std::size_t Predictor::working_bytes(const Forest& forest) {
  // Of a block's voxels: codes where they are made here, sums and votes; less is what is walked at a time.
  constexpr std::size_t voxels = words_of_block * LaneMasks::lanes, walks = std::size_t{1} << 20U;
  const auto classes = padded_classes(static_cast<std::size_t>(forest.class_count));
  const auto channels = static_cast<std::size_t>(forest.channel_count);
  return walks + voxels * (2 * channels + classes * (2 * sizeof(float) + 1) + sizeof(double) + 2);
}

}  // namespace cleft
