#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "pipeline/detect/reference_table.hpp"
#include "pipeline/detect/segment.hpp"
#include "support/masks.hpp"

namespace cleft::test {

/// What segment should find, by plain serial means straight from the definitions: every voxel smoothed by its
/// own sum, a mask per ratio, flooding, and each component described from the list of its voxels.
struct ReferenceResult {
  Array3<std::uint64_t> labels;
  std::vector<ReferenceRow> rows;
};

/// Position i of an axis of n voxels, mirrored at its ends without repeating them.
inline std::int64_t mirrored(std::int64_t i, std::int64_t n) {
  while (i < 0 || i >= n) {
    if (n == 1) return 0;
    i = i < 0 ? -i : 2 * (n - 1) - i;
  }
  return i;
}

/// Gaussian weights of whole voxels out to 3.5 sigma, with sum 1.
inline std::vector<double> gaussian_weights(double sigma) {
  const auto radius = static_cast<std::int64_t>(std::floor(3.5 * sigma + 0.5));
  std::vector<double> weights;
  double sum = 0;
  for (std::int64_t k = -radius; k <= radius; ++k) {
    weights.push_back(radius == 0 ? 1.0 : std::exp(-0.5 * static_cast<double>(k * k) / (sigma * sigma)));
    sum += weights.back();
  }
  for (double& w : weights) w /= sum;
  return weights;
}

/// S(p) in double, p = v / 255.
inline Array3<double> plain_smoothing(const Array3<std::uint8_t>& probability, const PerAxis<double>& sigma) {
  Array3<double> values(probability.extent());
  std::transform(probability.voxels().begin(), probability.voxels().end(), values.voxels().begin(),
                 [](std::uint8_t v) { return v / 255.0; });
  const Extent n = values.extent();
  for (int axis = 0; axis < 3; ++axis) {
    const auto weights = gaussian_weights(sigma[axis]);
    const auto radius = static_cast<std::int64_t>(weights.size()) / 2;
    Array3<double> smoothed(n);
    for (std::int64_t i = 0; i < voxel_count(n); ++i) {
      const GlobalVoxel p = voxel_at(i, n);
      for (std::int64_t k = -radius; k <= radius; ++k) {
        PerAxis<std::int64_t> at{p.z, p.y, p.x};
        at[axis] = mirrored(at[axis] + k, n[axis]);
        smoothed(p.z, p.y, p.x) += weights[static_cast<std::size_t>(k + radius)] * values(at.z, at.y, at.x);
      }
    }
    values = std::move(smoothed);
  }
  return values;
}

/// Where f > ratio b. Without smoothing in float32, as defined. With smoothing in double: then no voxel may
/// be so close to the ratio that rounding in float32 could decide.
inline Array3<std::uint8_t> plain_mask(const Array3<std::uint8_t>& probability,
                                       const ThresholdSettings& settings, double ratio) {
  Array3<std::uint8_t> mask(probability.extent());
  const bool raw = settings.options.background == Background::raw;
  if (settings.sigma == PerAxis<double>{0, 0, 0}) {
    for (std::size_t i = 0; i < mask.voxels().size(); ++i) {
      const float f = static_cast<float>(probability.voxels()[i]) / 255.0F;
      mask.voxels()[i] = f > static_cast<float>(ratio) * (1.0F - f);
    }
    return mask;
  }
  const auto smoothed = plain_smoothing(probability, settings.sigma);
  for (std::size_t i = 0; i < mask.voxels().size(); ++i) {
    const double f = smoothed.voxels()[i], b = 1 - (raw ? probability.voxels()[i] / 255.0 : f);
    mask.voxels()[i] = f > ratio * b;
    EXPECT_GT(std::abs(f - ratio * b), 1e-6) << "too close to call: take another seed";
  }
  return mask;
}

/// The voxels of each component, in order of their first voxels and each list in z, y, x order.
inline std::map<std::uint64_t, std::vector<GlobalVoxel>> voxels_by_component(
    const Array3<std::uint64_t>& components) {
  std::map<std::uint64_t, std::vector<GlobalVoxel>> voxels;
  for (std::int64_t i = 0; i < components.size(); ++i) {
    const auto component = components.voxels()[static_cast<std::size_t>(i)];
    if (component != 0) voxels[component].push_back(voxel_at(i, components.extent()));
  }
  return voxels;
}

/// \pre The job's probabilities are `probability`, in uint8, and it has a voxel size.
inline ReferenceResult reference_segment(const Array3<std::uint8_t>& probability, const SegmentJob& job) {
  const auto& options = job.threshold.options;
  const auto connectivity = job.threshold.connectivity;
  const auto components =
      flood_fill(plain_mask(probability, job.threshold, options.reference_ratio).view(), connectivity);
  const auto cores =
      flood_fill(plain_mask(probability, job.threshold, options.core_ratio).view(), connectivity);

  ReferenceResult result{Array3<std::uint64_t>(probability.extent()), {}};
  for (const auto& [component, voxels] : voxels_by_component(components)) {
    std::map<std::uint64_t, std::int64_t> core_sizes;
    for (const GlobalVoxel& p : voxels)
      if (const auto core = cores(p.z, p.y, p.x); core != 0) ++core_sizes[core];
    std::int64_t largest = 0;
    for (const auto& [core, size] : core_sizes) largest = std::max(largest, size);
    const auto size = static_cast<std::int64_t>(voxels.size());
    if (size < job.bounds.min || size > job.bounds.max || largest < job.bounds.min) continue;
    const std::uint64_t id = result.rows.size() + 1;
    for (const GlobalVoxel& p : voxels) result.labels(p.z, p.y, p.x) = id;
    result.rows.push_back(reference_row(id, voxels, core_sizes, probability, *job.voxel_size));
  }
  return result;
}

}  // namespace cleft::test
