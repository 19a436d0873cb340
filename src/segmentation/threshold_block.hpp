#pragma once

#include <cstdint>
#include <vector>

#include "blocks/block_grid.hpp"
#include "components/connectivity.hpp"
#include "components/label_block.hpp"
#include "objects/decisive_ratio.hpp"
#include "objects/measure_block.hpp"
#include "threshold/ratios.hpp"
#include "threshold/two_level.hpp"

namespace cleft {

/// How the probabilities of a block become components.
struct ThresholdSettings {
  ThresholdOptions options;
  PerAxis<double> sigma;  ///< of the smoothing, in voxels
  Connectivity connectivity = Connectivity::twenty_six;
};

/// What is kept of a block once its probabilities are thresholded: runs and sums, no voxels.
struct ThresholdedBlock {
  LabelledBlock reference, core;          ///< the two masks of its owned box
  std::vector<ComponentSums> components;  ///< [local component of the reference mask]
  std::vector<LocalCore> cores;           ///< [local component of the core mask]
  /// The ratios of foreground to background at the reference mask's voxels; the highest ratio is that of all
  /// voxels.
  RatioCounts ratios;
  std::vector<HighestSteps> steps;  ///< [local component of the reference mask]
};

/// Smooths, thresholds, labels and measures one block (see smooth, two_level_masks, label_runs and
/// measure_block). Makes no MPI and no HDF5 call, so that the next block can be read meanwhile.
///
/// \tparam Stored  std::uint8_t or float.
/// \param grid     Its halo is smoothing_halo of the settings' sigma.
/// \param number   The block.
/// \param padded   Stored foreground probabilities of grid.padded(number), axes z, y, x.
/// \param needed   Of how many voxels the highest steps are kept: those that a core needs, at least 1.
/// \param threads  How many share the work; the result is the same for any number.
/// \throws std::bad_alloc
template <class Stored>
ThresholdedBlock threshold_block(const BlockGrid& grid, std::int64_t number,
                                 const View3<const Stored>& padded, const ThresholdSettings& settings,
                                 std::int64_t needed, int threads);

extern template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t,
                                                 const View3<const std::uint8_t>&, const ThresholdSettings&,
                                                 std::int64_t, int);
extern template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const float>&,
                                                 const ThresholdSettings&, std::int64_t, int);

/// Bytes that threshold_block takes, not counting `padded` and what it returns.
/// \param owned, padded  Extents of the block's owned and padded box, in voxels.
/// \param sigma          Of the smoothing, in voxels.
std::int64_t threshold_bytes(const Extent& owned, const Extent& padded, const PerAxis<double>& sigma,
                             int threads);

}  // namespace cleft
