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
  Array3<std::uint64_t> labels, candidates;
  std::vector<ReferenceRow> rows;  ///< those of the synapses, then those of the candidates
  std::int64_t synapses = 0;
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

/// The largest number of 8 significant bits that so many voxels of a component have as their ratio, by
/// counting the voxels of each such number. In float32 without smoothing, as defined; else in double.
inline double plain_decisive_ratio(const Array3<std::uint8_t>& probability, const Array3<double>& smoothed,
                                   const ThresholdSettings& settings, const std::vector<GlobalVoxel>& voxels,
                                   std::int64_t needed) {
  const bool raw = settings.options.background == Background::raw;
  const bool exact = settings.sigma == PerAxis<double>{0, 0, 0};
  const auto passes = [&](const GlobalVoxel& v, double ratio) {
    const float p = static_cast<float>(probability(v.z, v.y, v.x)) / 255.0F;
    if (exact) return p > static_cast<float>(ratio) * (1.0F - p);
    const double f = smoothed(v.z, v.y, v.x);
    return f > ratio * (1 - (raw ? static_cast<double>(p) : f));
  };
  for (int octave = 32; octave >= -8; --octave)
    for (int eighth_bit = octave == 32 ? 0 : 127; eighth_bit >= 0; --eighth_bit) {
      const double ratio = std::ldexp(1 + eighth_bit / 128.0, octave);
      if (std::count_if(voxels.begin(), voxels.end(), [&](const auto& v) { return passes(v, ratio); }) >=
          needed)
        return ratio;
    }
  return 0;
}

/// \pre The job's probabilities are `probability`, in uint8, and it has a voxel size.
inline ReferenceResult reference_segment(const Array3<std::uint8_t>& probability, const SegmentJob& job) {
  const auto& options = job.threshold.options;
  const auto connectivity = job.threshold.connectivity;
  const SizeBounds& bounds = job.rule.bounds;
  const auto smoothed = plain_smoothing(probability, job.threshold.sigma);
  const auto components =
      flood_fill(plain_mask(probability, job.threshold, options.reference_ratio).view(), connectivity);
  const auto cores =
      flood_fill(plain_mask(probability, job.threshold, options.core_ratio).view(), connectivity);

  struct Object {
    std::vector<GlobalVoxel> voxels;
    std::map<std::uint64_t, std::int64_t> core_sizes;
    double decisive = 0;
  };
  std::vector<Object> synapses, candidates;
  for (const auto& [component, voxels] : voxels_by_component(components)) {
    Object object{voxels, {}, 0};
    for (const GlobalVoxel& p : voxels)
      if (const auto core = cores(p.z, p.y, p.x); core != 0) ++object.core_sizes[core];
    std::int64_t largest = 0;
    for (const auto& [core, size] : object.core_sizes) largest = std::max(largest, size);
    const auto size = static_cast<std::int64_t>(voxels.size());
    if (size < bounds.min || size > bounds.max) continue;
    object.decisive = plain_decisive_ratio(probability, smoothed, job.threshold, voxels, bounds.min);
    if (largest >= bounds.min)
      synapses.push_back(object);
    else if (object.decisive >= begin_of(job.rule.candidates.lowest))
      candidates.push_back(object);
  }
  // The best candidates; those of equal ratio in order of place, which is how they stand.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Object& a, const Object& b) { return a.decisive > b.decisive; });
  if (std::ssize(candidates) > job.rule.candidates.max_count)
    candidates.resize(static_cast<std::size_t>(job.rule.candidates.max_count));
  std::sort(candidates.begin(), candidates.end(),
            [](const Object& a, const Object& b) { return a.voxels.front() < b.voxels.front(); });

  ReferenceResult result{Array3<std::uint64_t>(probability.extent()),
                         Array3<std::uint64_t>(probability.extent()),
                         {},
                         std::ssize(synapses)};
  for (const auto* list : {&synapses, &candidates})
    for (const Object& object : *list) {
      const std::uint64_t id = result.rows.size() + 1;
      auto& labels = list == &synapses ? result.labels : result.candidates;
      for (const GlobalVoxel& p : object.voxels) labels(p.z, p.y, p.x) = id;
      ReferenceRow row = reference_row(id, object.voxels, object.core_sizes, probability, *job.voxel_size);
      row.values["decisive_ratio"] = object.decisive;
      row.values["accepted"] = list == &synapses ? 1 : 0;
      // Smoothing in float32 rounds, and a ratio near a step's beginning may be of the step before.
      if (job.threshold.sigma != PerAxis<double>{0, 0, 0}) row.ratio_tolerance = 1.0 / 120;
      result.rows.push_back(std::move(row));
    }
  return result;
}

}  // namespace cleft::test
