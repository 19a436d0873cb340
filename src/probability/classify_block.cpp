#include "probability/classify_block.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "features/compute.hpp"

namespace cleft {
namespace {

/// Whether all voxels have one value, as outside the imaged tissue. Ends at the first that differs.
bool is_constant(const View3<const float>& view) {
  const float first = view(0, 0, 0);
  for (std::int64_t z = 0; z < view.extent().z; ++z)
    for (std::int64_t y = 0; y < view.extent().y; ++y) {
      const float* row = view.row(z, y);
      if (!std::all_of(row, row + view.extent().x, [first](float v) { return v == first; })) return false;
    }
  return true;
}

std::vector<Array3<float>> uninitialized_arrays(int count, const Extent& extent) {
  std::vector<Array3<float>> arrays;
  arrays.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) arrays.push_back(Array3<float>::uninitialized(extent));
  return arrays;
}

}  // namespace

BlockClassifier::BlockClassifier(const FeatureSet& features, const Forest& forest)
    : features_(features), class_count_(forest.class_count), predictor_(forest) {
  if (forest.channel_count != features.channel_count())
    throw InternalError(fmt::format("a forest of {} channels meets {} features", forest.channel_count,
                                    features.channel_count()));
}

std::int64_t BlockClassifier::working_bytes(const FeatureSet& features, int class_count, const Extent& core) {
  const std::int64_t arrays = features.channel_count() + class_count;
  return static_cast<std::int64_t>(cleft::working_bytes(features, core)) +
         arrays * static_cast<std::int64_t>(sizeof(float)) * voxel_count(core);
}

std::vector<Array3<float>> BlockClassifier::classify(const View3<const float>& padded,
                                                     const LocalVoxel& core_begin, const Extent& core) {
  if (!is_constant(padded)) return compute(padded, core_begin, core);
  // Every voxel of a constant block sees the same values, so one voxel's result is every voxel's.
  auto probabilities = uninitialized_arrays(class_count_, core);
  const auto& of_constant = probabilities_of_constant(padded(0, 0, 0));
  for (std::size_t c = 0; c < probabilities.size(); ++c) probabilities[c].fill(of_constant[c]);
  return probabilities;
}

const std::vector<float>& BlockClassifier::probabilities_of_constant(float grey) {
  auto& found = of_constant_[grey];
  if (found.empty()) {
    const Extent halo = features_.halo();
    Array3<float> padded = Array3<float>::uninitialized(Extent{1, 1, 1} + 2 * halo);
    padded.fill(grey);
    for (const auto& one_voxel : compute(padded.view(), {halo.z, halo.y, halo.x}, {1, 1, 1}))
      found.push_back(one_voxel(0, 0, 0));
  }
  return found;
}

std::vector<Array3<float>> BlockClassifier::compute(const View3<const float>& padded,
                                                    const LocalVoxel& core_begin, const Extent& core) const {
  auto channels = uninitialized_arrays(features_.channel_count(), core);
  std::vector<View3<float>> channel_views;
  std::vector<const float*> channel_data;
  for (auto& channel : channels) {
    channel_views.push_back(channel.view());
    channel_data.push_back(channel.data());
  }
  compute_features(features_, padded, core_begin, core, channel_views);

  auto probabilities = uninitialized_arrays(class_count_, core);
  std::vector<float*> class_data;
  for (auto& probability : probabilities) class_data.push_back(probability.data());
  predictor_.predict(channel_data, static_cast<std::size_t>(voxel_count(core)), class_data);
  return probabilities;
}

}  // namespace cleft
