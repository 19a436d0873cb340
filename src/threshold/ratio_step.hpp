#pragma once

#include <cstdint>
#include <optional>

namespace cleft {

/// A ratio f / b of foreground to background in steps of 1/128 of an octave's beginning, from 2^-8 (step 1)
/// to 2^32 (the last one, which has all beyond it); 0 is below all. Steps are integers, so that counts of
/// them add up to the same however a volume was cut.
///
/// A voxel's step is the highest one whose beginning r it passes as two_level_masks compares: f > r b in
/// float32. So a voxel is in the mask of a ratio that a step begins at exactly when its step is that or a
/// higher one.
using RatioStep = std::uint16_t;

inline constexpr RatioStep last_ratio_step = 40 * 128 + 1;

/// The ratio that a step begins at, exact in float32; 0 of step 0.
/// \pre step <= last_ratio_step
float begin_of(RatioStep step);

/// The step of a voxel.
/// \param f  S(p), not negative.
/// \param b  Its background, which may be 0 or, as sums round, a little less.
RatioStep ratio_step(float f, float b);

/// The step that begins at a ratio; nothing where none begins just there. Whole numbers up to 256 and halves
/// up to 128 are beginnings, and so is any number of 8 significant bits.
std::optional<RatioStep> step_beginning_at(double ratio);

/// The lowest step that begins at a ratio or above it: the steps of which all voxels pass it. 0 for ratios of
/// 0 and less.
RatioStep first_step_from(double ratio);

}  // namespace cleft
