#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/array3.hpp"
#include "features/set/feature_set.hpp"
#include "forest/forest.hpp"
#include "forest/samples.hpp"

namespace cleft {

/// Membrane, synapse and the rest, in this order.
inline constexpr int class_count = 3;

/// What the benchmarks work on: a phantom, or what the folder CLEFT_REAL_DATA holds: raw.h5 (/raw) and
/// truth_sections_0-9.h5 (/synapses, /membranes; sections 0-9 of it).
struct Tissue {
  std::string name;              ///< which of the two
  Array3<float> grey;            ///< the volume
  Array3<std::uint8_t> classes;  ///< 0-based; its sections are the first of the volume
};

/// Made or read when it is first asked for. Not for several threads at a time.
const Tissue& tissue();

/// The default features: 29 channels with 3 dimensions, 23 with 2.
FeatureSet features(int dimensions);

/// Channels of a part of the volume.
std::vector<Array3<float>> channels_of(const FeatureSet& set, const Box& core);

/// Voxels of each class in turn, drawn at random: the same whenever they are asked for.
Samples draw_samples(const FeatureSet& set, std::size_t count);

/// The forest of 100 trees that cleft grows from draw_samples.
Forest forest_of(const FeatureSet& set, std::size_t labels);

/// [channel][row] to [row][channel], as other programs want it.
std::vector<float> by_row(std::span<const std::span<const float>> channels);

/// What forests are asked about: 8 sections, or 1, from the middle of the volume's last ones.
Box tile(int dimensions);

}  // namespace cleft
