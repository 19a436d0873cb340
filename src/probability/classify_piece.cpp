#include "probability/classify_piece.hpp"

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

/// Features of 2D filters differ from section to section as much as the image does.
Alike alike(const FeatureSet& features) {
  const auto& scales = features.scales();
  const bool some_3d = std::any_of(scales.begin(), scales.end(), [](const Scale& s) { return !s.is_2d(); });
  return some_3d ? Alike::volume : Alike::section;
}

LocalVoxel local(const GlobalVoxel& v) {
  return {v.z, v.y, v.x};
}

void copy(const View3<float>& from, const View3<float>& to) {
  for (std::int64_t z = 0; z < to.extent().z; ++z)
    for (std::int64_t y = 0; y < to.extent().y; ++y) std::copy_n(from.row(z, y), to.extent().x, to.row(z, y));
}

void fill(const View3<float>& view, float value) {
  for (std::int64_t z = 0; z < view.extent().z; ++z)
    for (std::int64_t y = 0; y < view.extent().y; ++y) std::fill_n(view.row(z, y), view.extent().x, value);
}

std::size_t array_count(const FeatureSet& features, std::size_t class_count) {
  return static_cast<std::size_t>(features.channel_count()) + class_count;
}

}  // namespace

std::vector<View3<float>> Scratch::arrays(std::size_t count, const Extent& extent) const {
  std::vector<View3<float>> views;
  for (std::size_t i = 0; i < count; ++i)
    views.emplace_back(memory_.get() + i * array_floats(extent), extent);
  return views;
}

std::size_t Scratch::array_floats(const Extent& extent) {
  // Extents are often powers of two; the rows of all arrays would then meet in one set of the cache.
  constexpr std::size_t apart = 272;
  return static_cast<std::size_t>(voxel_count(extent)) + apart;
}

PieceClassifier::PieceClassifier(const ClassifierStage& stage)
    : features_(stage.features),
      class_count_(static_cast<std::size_t>(stage.forest->class_count)),
      predictor_(*stage.forest) {
  if (stage.forest->channel_count != features_->channel_count())
    throw InternalError(fmt::format("a forest of {} channels meets {} features", stage.forest->channel_count,
                                    features_->channel_count()));
}

void PieceClassifier::classify(std::span<const View3<const float>> padded, const LocalVoxel& begin,
                               std::span<const std::size_t> classes,
                               std::span<const View3<float>> probabilities, const Scratch& scratch) const {
  const Extent extent = probabilities.front().extent();
  const Box region = around(begin, extent, features_->halo(), padded.front().extent());
  std::vector<View3<const float>> images;
  for (const auto& channel : padded) images.push_back(channel.part(local(region.begin), region.extent()));

  if (std::all_of(images.begin(), images.end(), is_constant)) {
    std::vector<float> grey;
    for (const auto& image : images) grey.push_back(image(0, 0, 0));
    const auto constant = probabilities_of_constant(grey);
    for (std::size_t i = 0; i < classes.size(); ++i) fill(probabilities[i], constant[classes[i]]);
    return;
  }
  const auto arrays = scratch.arrays(array_count(*features_, class_count_), extent);
  const auto channels = std::span(arrays).first(static_cast<std::size_t>(features_->channel_count()));
  const auto found = std::span(arrays).last(class_count_);
  compute(images, region.local({begin.z, begin.y, begin.x}), channels, found);
  for (std::size_t i = 0; i < classes.size(); ++i) copy(found[classes[i]], probabilities[i]);
}

void PieceClassifier::compute(std::span<const View3<const float>> padded, const LocalVoxel& begin,
                              std::span<const View3<float>> channels,
                              std::span<const View3<float>> probabilities) const {
  compute_features(*features_, padded, begin, probabilities.front().extent(), channels);
  const std::vector<View3<const float>> values(channels.begin(), channels.end());
  predictor_.predict(values, probabilities, alike(*features_));
}

/// Every voxel of a constant image sees the same values, so one voxel's result is every voxel's.
std::vector<float> PieceClassifier::probabilities_of_constant(const std::vector<float>& grey) const {
  const std::lock_guard lock(constants_->mutex);
  auto& known = constants_->probabilities[grey];
  if (!known.empty()) return known;
  const Extent halo = features_->halo(), one{1, 1, 1};
  std::vector<Array3<float>> padded;
  for (const float value : grey) {
    padded.push_back(Array3<float>::uninitialized(one + 2 * halo));
    padded.back().fill(value);
  }
  const std::vector<View3<const float>> images = [&] {
    std::vector<View3<const float>> views;
    for (const auto& channel : padded) views.push_back(channel.view());
    return views;
  }();
  const Scratch scratch(scratch_floats(one));
  const auto arrays = scratch.arrays(array_count(*features_, class_count_), one);
  const auto found = std::span(arrays).last(class_count_);
  compute(images, {halo.z, halo.y, halo.x},
          std::span(arrays).first(static_cast<std::size_t>(features_->channel_count())), found);
  for (const auto& one_voxel : found) known.push_back(one_voxel(0, 0, 0));
  return known;
}

std::size_t PieceClassifier::scratch_floats(const Extent& piece) const {
  return array_count(*features_, class_count_) * Scratch::array_floats(piece);
}

std::int64_t PieceClassifier::working_bytes(const ClassifierStage& stage, const Extent& piece) {
  // Codes, masks and sums of the voxels that go through the forest at a time.
  constexpr std::size_t predictor_bytes = std::size_t{4} << 20U;
  const auto classes = static_cast<std::size_t>(stage.forest->class_count);
  return static_cast<std::int64_t>(cleft::working_bytes(*stage.features, piece) + predictor_bytes +
                                   sizeof(float) * array_count(*stage.features, classes) *
                                       Scratch::array_floats(piece));
}

Box around(const LocalVoxel& begin, const Extent& extent, const Extent& margin, const Extent& padded) {
  const GlobalVoxel first{begin.z, begin.y, begin.x};
  return intersection({first - margin, first + extent + margin}, whole_box(padded));
}

}  // namespace cleft
