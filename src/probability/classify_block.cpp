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

/// The part of a padded block that has what lies `margin` around the core, as far as the block has it.
Box around(const LocalVoxel& core_begin, const Extent& core, const Extent& margin, const Extent& padded) {
  const Box wanted{GlobalVoxel{core_begin.z, core_begin.y, core_begin.x} - margin,
                   GlobalVoxel{core_begin.z, core_begin.y, core_begin.x} + core + margin};
  return intersection(wanted, whole_box(padded));
}

/// What a stage's probabilities are to the next one: bytes, the fraction dropped, as ilastik converts them.
void convert_to_bytes(Array3<float>& probabilities) {
  for (float& p : probabilities.voxels()) p = std::trunc(255.0F * p);
}

/// Features of 2D filters differ from section to section as much as the image does.
Alike alike(const FeatureSet& features) {
  const auto& scales = features.scales();
  const bool some_3d = std::any_of(scales.begin(), scales.end(), [](const Scale& s) { return !s.is_2d(); });
  return some_3d ? Alike::volume : Alike::section;
}

int image_channels_of(std::span<const ClassifierStage> stages, std::size_t stage) {
  const int of_volume = stages.front().features->image_channels();
  return stage == 0 ? of_volume : of_volume + stages[stage - 1].forest->class_count;
}

}  // namespace

BlockClassifier::BlockClassifier(std::span<const ClassifierStage> stages) : halo_(halo(stages)) {
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const auto& [features, forest] = stages[s];
    if (forest->channel_count != features->channel_count())
      throw InternalError(fmt::format("a forest of {} channels meets {} features", forest->channel_count,
                                      features->channel_count()));
    if (features->image_channels() != image_channels_of(stages, s))
      throw InternalError(fmt::format("features of {} image channels meet {}", features->image_channels(),
                                      image_channels_of(stages, s)));
    stages_.push_back({features, forest->class_count, Predictor(*forest)});
  }
}

Extent BlockClassifier::halo(std::span<const ClassifierStage> stages) {
  Extent halo;
  for (const ClassifierStage& stage : stages) halo = halo + stage.features->halo();
  return halo;
}

std::int64_t BlockClassifier::working_bytes(std::span<const ClassifierStage> stages, const Extent& core) {
  constexpr auto number_bytes = static_cast<std::int64_t>(sizeof(float));
  std::int64_t most = 0, kept = 0;
  Extent region = core;
  // From the last stage back: while one works, the result of the one before it is kept.
  for (std::size_t s = stages.size(); s-- > 0;) {
    const auto& [features, forest] = stages[s];
    const std::int64_t arrays = features->channel_count() + forest->class_count;
    most = std::max(most, kept + static_cast<std::int64_t>(cleft::working_bytes(*features, region)) +
                              arrays * number_bytes * voxel_count(region));
    region = region + 2 * features->halo();
    kept = s > 0 ? stages[s - 1].forest->class_count * number_bytes * voxel_count(region) : 0;
    most = std::max(most, kept);
  }
  return most;
}

std::vector<Array3<float>> BlockClassifier::classify(std::span<const View3<const float>> padded,
                                                     const LocalVoxel& core_begin, const Extent& core) {
  if (!std::all_of(padded.begin(), padded.end(), is_constant))
    return run_stages(stages_.size(), padded, core_begin, core);
  // Every voxel of a constant block sees the same values, so one voxel's result is every voxel's.
  std::vector<float> grey;
  for (const auto& channel : padded) grey.push_back(channel(0, 0, 0));
  auto probabilities = uninitialized_arrays(stages_.back().class_count, core);
  const auto& of_constant = probabilities_of_constant(grey);
  for (std::size_t c = 0; c < probabilities.size(); ++c) probabilities[c].fill(of_constant[c]);
  return probabilities;
}

const std::vector<float>& BlockClassifier::probabilities_of_constant(const std::vector<float>& grey) {
  auto& found = of_constant_[grey];
  if (found.empty()) {
    auto padded = uninitialized_arrays(static_cast<int>(grey.size()), Extent{1, 1, 1} + 2 * halo_);
    std::vector<View3<const float>> views;
    for (std::size_t c = 0; c < grey.size(); ++c) {
      padded[c].fill(grey[c]);
      views.push_back(padded[c].view());
    }
    for (const auto& one_voxel : run_stages(stages_.size(), views, {halo_.z, halo_.y, halo_.x}, {1, 1, 1}))
      found.push_back(one_voxel(0, 0, 0));
  }
  return found;
}

/// The first `stage_count` stages.
std::vector<Array3<float>> BlockClassifier::run_stages(std::size_t stage_count,
                                                       std::span<const View3<const float>> padded,
                                                       const LocalVoxel& core_begin,
                                                       const Extent& core) const {
  const Stage& last = stages_[stage_count - 1];
  if (stage_count == 1) return run(last, padded, core_begin, core);
  const Box region = around(core_begin, core, last.features->halo(), padded.front().extent());
  const LocalVoxel region_begin{region.begin.z, region.begin.y, region.begin.x};
  auto before = run_stages(stage_count - 1, padded, region_begin, region.extent());
  std::vector<View3<const float>> images;
  for (const auto& channel : padded) images.push_back(channel.part(region_begin, region.extent()));
  for (auto& probability : before) {
    convert_to_bytes(probability);
    images.push_back(probability.view());
  }
  return run(last, images,
             {core_begin.z - region_begin.z, core_begin.y - region_begin.y, core_begin.x - region_begin.x},
             core);
}

std::vector<Array3<float>> BlockClassifier::run(const Stage& stage,
                                                std::span<const View3<const float>> padded,
                                                const LocalVoxel& core_begin, const Extent& core) {
  auto channels = uninitialized_arrays(stage.features->channel_count(), core);
  std::vector<View3<float>> channel_views;
  for (auto& channel : channels) channel_views.push_back(channel.view());
  compute_features(*stage.features, padded, core_begin, core, channel_views);

  auto probabilities = uninitialized_arrays(stage.class_count, core);
  std::vector<View3<float>> class_views;
  for (auto& probability : probabilities) class_views.push_back(probability.view());
  const std::vector<View3<const float>> values(channel_views.begin(), channel_views.end());
  stage.predictor.predict(values, class_views, alike(*stage.features));
  return probabilities;
}

}  // namespace cleft
