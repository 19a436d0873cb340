#pragma once

#include <cstdint>
#include <optional>

#include "base/box.hpp"

namespace cleft {

/// What a phantom volume is to be like. Grey values are on the scale 0 … 255.
struct PhantomOptions {
  Extent extent{128, 256, 256};   ///< voxels
  VoxelSize voxel_size{8, 8, 8};  ///< nm
  std::uint64_t seed = 1;         ///< phantoms of different seeds are unrelated
  double synapse_density = 2;     ///< about how many per µm³; 0 … 2.5
  double noise = 12;              ///< standard deviation of the noise at mid grey
  double shading = 6;             ///< how far the brightness drifts over a few µm
  double section_jitter = 2;      ///< standard deviation of the brightness from section to section
  double strokes = 12;            ///< about how many strokes per class in each labelled section
  /// How many evenly spaced sections have brush strokes; absent: 6, or all where there are fewer.
  std::optional<std::int64_t> label_sections{};
};

/// How many sections of a phantom with these options have brush strokes.
std::int64_t labelled_sections(const PhantomOptions& options);
/// Which section of the volume the n-th of them is.
std::int64_t labelled_section(const PhantomOptions& options, std::int64_t n);

/// Checks that every option is in range.
/// \throws InputError that names the option that is not.
void validate(const PhantomOptions& options);

}  // namespace cleft
