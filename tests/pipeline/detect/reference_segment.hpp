#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "components/plain_split.hpp"
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

/// An object as the list of its voxels, in z, y, x order, with its core components.
struct ReferenceObject {
  std::vector<GlobalVoxel> voxels;
  std::map<std::uint64_t, std::int64_t> core_sizes;
  double decisive = 0;
};

/// The voxels of each part of a component; all of them in one list where the job does not split.
/// \param cores  The core components of the volume.
inline std::vector<std::vector<GlobalVoxel>> plain_parts(const std::vector<GlobalVoxel>& voxels,
                                                         const Array3<std::uint64_t>& cores,
                                                         const SegmentJob& job) {
  if (job.split.by == Split::none) return {voxels};
  Box box{voxels.front(), voxels.front()};
  for (const GlobalVoxel& v : voxels)
    box = {{std::min(box.begin.z, v.z), std::min(box.begin.y, v.y), std::min(box.begin.x, v.x)},
           {std::max(box.end.z, v.z + 1), std::max(box.end.y, v.y + 1), std::max(box.end.x, v.x + 1)}};
  box = grown(box, {1, 1, 1}, whole_box(cores.extent()));
  Array3<std::uint8_t> component(box.extent());
  std::map<std::uint64_t, std::int64_t> core_sizes;
  for (const GlobalVoxel& v : voxels) {
    component.view()(v.z - box.begin.z, v.y - box.begin.y, v.x - box.begin.x) = 1;
    if (cores(v.z, v.y, v.x) != 0) ++core_sizes[cores(v.z, v.y, v.x)];
  }
  Array3<std::uint32_t> seeds;
  if (job.split.by == Split::cores) {
    std::map<std::uint64_t, std::uint32_t> seed_of;  // cores are numbered by their first voxels
    for (const auto& [core, size] : core_sizes)
      if (size >= job.rule.needed()) seed_of.emplace(core, seed_of.size() + 1);
    if (seed_of.size() < 2) return {voxels};
    seeds = Array3<std::uint32_t>(box.extent());
    for (const GlobalVoxel& v : voxels)
      if (const auto seed = seed_of.find(cores(v.z, v.y, v.x)); seed != seed_of.end())
        seeds(v.z - box.begin.z, v.y - box.begin.y, v.x - box.begin.x) = seed->second;
  }
  const auto numbers = plain_split(component.view(), std::move(seeds), *job.voxel_size, job.split.distance_nm,
                                   job.rule.bounds.min, job.threshold.connectivity);
  std::map<std::uint32_t, std::vector<GlobalVoxel>> by_number;
  for (const GlobalVoxel& v : voxels)
    by_number[numbers(v.z - box.begin.z, v.y - box.begin.y, v.x - box.begin.x)].push_back(v);
  std::vector<std::vector<GlobalVoxel>> parts;
  for (const auto& [number, part] : by_number) parts.push_back(part);
  return parts;
}

/// An object and the core components within it.
inline ReferenceObject plain_object(const std::vector<GlobalVoxel>& voxels,
                                    const Array3<std::uint64_t>& all_cores, Connectivity connectivity) {
  Array3<std::uint8_t> core(all_cores.extent());
  for (const GlobalVoxel& v : voxels) core(v.z, v.y, v.x) = all_cores(v.z, v.y, v.x) != 0 ? 1 : 0;
  const auto cores = flood_fill(core.view(), connectivity);
  ReferenceObject object{voxels, {}, 0};
  for (const GlobalVoxel& v : voxels)
    if (const auto number = cores(v.z, v.y, v.x); number != 0) ++object.core_sizes[number];
  return object;
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

  std::vector<ReferenceObject> synapses, candidates;
  for (const auto& [component, all_voxels] : voxels_by_component(components)) {
    if (std::ssize(all_voxels) < bounds.min) continue;
    for (const auto& voxels : plain_parts(all_voxels, cores, job)) {
      ReferenceObject object = plain_object(voxels, cores, connectivity);
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
  }
  const auto by_place = [](const ReferenceObject& a, const ReferenceObject& b) {
    return a.voxels.front() < b.voxels.front();
  };
  std::sort(synapses.begin(), synapses.end(), by_place);
  std::sort(candidates.begin(), candidates.end(), by_place);
  // The best candidates; those of equal ratio in order of place, which is how they stand.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.decisive > b.decisive; });
  if (std::ssize(candidates) > job.rule.candidates.max_count)
    candidates.resize(static_cast<std::size_t>(job.rule.candidates.max_count));
  std::sort(candidates.begin(), candidates.end(), by_place);

  ReferenceResult result{Array3<std::uint64_t>(probability.extent()),
                         Array3<std::uint64_t>(probability.extent()),
                         {},
                         std::ssize(synapses)};
  for (const auto* list : {&synapses, &candidates})
    for (const ReferenceObject& object : *list) {
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
