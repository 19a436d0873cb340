#pragma once

#include <span>
#include <vector>

#include "base/array3.hpp"
#include "components/voxel_runs.hpp"
#include "threshold/two_level.hpp"

namespace cleft {

/// The masks of several ratios of one box, as runs: each lies inside the one before, so that all but the
/// first are looked for in the runs of that alone. A mask is what two_level_masks finds for its ratio. Not
/// collective.
///
/// \tparam Stored   std::uint8_t or float, see stored_probability.
/// \param smoothed  S(p) of the box, z, y, x, see smooth().
/// \param stored    The stored probabilities of the same box; read when the background is raw.
/// \param ratios    Ascending, each >= 0.
/// \param threads   How many share the work; the result is the same for any number.
/// \returns         [ratio] the runs of f > ratio b; all of component 0.
/// \throws          std::bad_alloc
template <class Stored>
std::vector<VoxelRuns> nested_masks(const View3<const float>& smoothed, const View3<const Stored>& stored,
                                    Background background, std::span<const double> ratios, int threads);

extern template std::vector<VoxelRuns> nested_masks(const View3<const float>&,
                                                    const View3<const std::uint8_t>&, Background,
                                                    std::span<const double>, int);
extern template std::vector<VoxelRuns> nested_masks(const View3<const float>&, const View3<const float>&,
                                                    Background, std::span<const double>, int);

}  // namespace cleft
