#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "base/array3.hpp"
#include "base/random.hpp"
#include "features/set/compute.hpp"

namespace cleft::test {

/// Grey values 0 to 255, each voxel on its own: every voxel within reach of a filter changes its result.
inline Array3<float> random_volume(const Extent& extent, std::uint64_t seed = 1) {
  Array3<float> volume(extent);
  Random random(seed);
  for (float& v : volume.voxels()) v = static_cast<float>(random.below(256));
  return volume;
}

/// Values that are no integers and of either sign.
inline Array3<float> random_image(const Extent& extent, std::uint64_t seed) {
  Array3<float> image(extent);
  Random random(seed);
  for (float& v : image.voxels()) v = static_cast<float>(random.normal());
  return image;
}

/// How many voxels differ in value.
inline std::int64_t differences(View3<const float> a, View3<const float> b) {
  std::int64_t count = 0;
  for (std::int64_t z = 0; z < a.extent().z; ++z)
    for (std::int64_t y = 0; y < a.extent().y; ++y)
      for (std::int64_t x = 0; x < a.extent().x; ++x) count += a(z, y, x) != b(z, y, x);
  return count;
}

/// One image per channel.
struct Channels {
  Channels(const FeatureSet& set, const Extent& extent) {
    for (int c = 0; c < set.channel_count(); ++c) images.emplace_back(extent);
    for (auto& image : images) views.push_back(image.view());
  }
  std::vector<Array3<float>> images;
  std::vector<View3<float>> views;
};

/// Features of a box of the volume, given this halo where the volume has it.
inline Channels features_of(const FeatureSet& set, View3<const float> volume, const Box& box,
                            const Extent& halo) {
  const Box padded = grown(box, halo, whole_box(volume.extent()));
  const LocalVoxel first = whole_box(volume.extent()).local(padded.begin);
  const Array3<float> copy = Array3<float>::copy_of(volume.part(first, padded.extent()));
  Channels channels(set, box.extent());
  compute_features(set, copy.view(), padded.local(box.begin), box.extent(), channels.views);
  return channels;
}

inline Channels features_of(const FeatureSet& set, View3<const float> volume) {
  return features_of(set, volume, whole_box(volume.extent()), {});
}

/// Calls body() once for every SIMD target that is compiled and that this processor has.
template <class Body>
void on_every_target(Body body) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(std::string("target ") + hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
}

/// Filters in the given order at the given scales, all of them at each.
inline FeatureSelection selection_of(const std::vector<FeatureKind>& kinds, const std::vector<double>& sigmas,
                                     Dimensions dimensions = Dimensions::three) {
  FeatureSelection selection;
  for (const double sigma : sigmas) selection.scales.push_back({sigma, dimensions});
  for (const FeatureKind kind : kinds)
    for (std::size_t s = 0; s < sigmas.size(); ++s) selection.features.push_back({kind, s});
  return selection;
}

inline const std::vector<FeatureKind> all_kinds{
    FeatureKind::gaussian_smoothing,           FeatureKind::laplacian_of_gaussian,
    FeatureKind::gaussian_gradient_magnitude,  FeatureKind::difference_of_gaussians,
    FeatureKind::structure_tensor_eigenvalues, FeatureKind::hessian_of_gaussian_eigenvalues};

}  // namespace cleft::test
