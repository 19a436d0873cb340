#include "forest/predict.hpp"

#include <algorithm>
#include <vector>

#include "forest/predict_block.hpp"

namespace cleft {
namespace {

/// More voxels at once share the nodes of a large forest while they are near, fewer keep their codes near.
std::size_t words_at_once(const PackedForest& forest) {
  constexpr std::size_t large_forest = 200000;
  std::size_t nodes = 0;
  for (const PackedGroup& group : forest.groups) nodes += group.nodes.size();
  return nodes < large_forest ? LaneMasks::most_words / 2 : LaneMasks::most_words;
}

}  // namespace

void Predictor::predict(std::span<const View3<const float>> channels,
                        std::span<const View3<float>> probabilities, Alike alike) const {
  const Extent extent = probabilities.front().extent();
  if (voxel_count(extent) == 0) return;
  const auto parts = divide_into_words(extent, alike, words_at_once(packed_));
  std::size_t words = 0;
  for (const VoxelWords& part : parts) words = std::max(words, part.word_count());
  PredictBlock block(packed_, words);
  for (const VoxelWords& part : parts) block.predict(part, channels, probabilities);
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

}  // namespace cleft
