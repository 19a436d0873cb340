#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "components/split_options.hpp"
#include "components/voxel_runs.hpp"
#include "objects/candidates.hpp"
#include "objects/synapse_sums.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

// Telling touching objects apart: a component of the whole volume, of however many blocks, is thresholded
// once more as one piece and split (components/split_component.hpp). Nothing here is collective.

/// How components are split.
struct SplitSettings {
  ThresholdSettings threshold;
  ObjectRule rule;
  SplitOptions split;
  /// Edge lengths of a voxel in nm; where they are unknown, which Split::cores can do without, any that are
  /// equal.
  VoxelSize voxel_size{1, 1, 1};
};

/// What components must be to be kept until they are split: those of more than the largest size may have
/// parts that fit, and every candidate may have one that ranks before others.
ObjectRule rule_before_splitting(const ObjectRule& rule);

/// Whether a component may be in several parts of which one may become an object; where not, it is what it
/// is, and need not be read again. That is so where its size does not allow for two parts, where it has not
/// two cores (Split::cores), where no two of its voxels are far enough apart (Split::distance), and where its
/// core or its ratio is too little for a synapse or a candidate already as a whole.
bool may_be_split(const SynapseSums& component, const SplitSettings& settings);

/// A component's bounding box.
Box bounds_of(const ComponentSums& component);

/// What is read to split a component, in voxels of the volume.
struct BoxesToSplit {
  Box box;     ///< its bounding box and one voxel more, as far as the volume goes
  Box padded;  ///< what the smoothing of that reads
  Box around;  ///< of the mask: `padded`, and as far as the mask's edge is looked for
};

/// \param bounds  The component's bounding box.
/// \param sigma   Of the smoothing, in voxels.
BoxesToSplit boxes_to_split(const Box& bounds, const PerAxis<double>& sigma, const Extent& volume);

/// Bytes that it takes to split a component by one thread, what is read included.
/// \param stored_bytes  Of a stored probability.
/// \param has_mask      Whether a mask is read too.
std::int64_t split_bytes(const BoxesToSplit& boxes, const PerAxis<double>& sigma, std::int64_t stored_bytes,
                         bool has_mask);

/// A component in parts.
struct ComponentParts {
  std::vector<SynapseSums> sums;  ///< [part]; empty where the component is all of one
  std::vector<RowRun> runs;       ///< in voxels of the volume, `component` being the part
};

/// Splits a component.
/// \tparam Stored      std::uint8_t or float.
/// \param first_voxel  The component's first voxel.
/// \param stored       Stored probabilities of boxes.padded, cleared outside the mask.
/// \param mask         Of boxes.around, 1 inside, 0 outside.
/// \param volume       Extent of the whole volume, each axis shorter than 2^31.
/// \param threads      How many share the smoothing; the result is the same for any number.
/// \returns            Parts in order of their first voxels. Their cores are the connected voxels of the core
///                     mask within each.
/// \throws             std::bad_alloc
template <class Stored>
ComponentParts split_stored(const GlobalVoxel& first_voxel, const BoxesToSplit& boxes,
                            const View3<const Stored>& stored,
                            const std::optional<View3<const std::uint8_t>>& mask,
                            const SplitSettings& settings, const Extent& volume, int threads);

extern template ComponentParts split_stored(const GlobalVoxel&, const BoxesToSplit&,
                                            const View3<const std::uint8_t>&,
                                            const std::optional<View3<const std::uint8_t>>&,
                                            const SplitSettings&, const Extent&, int);
extern template ComponentParts split_stored(const GlobalVoxel&, const BoxesToSplit&,
                                            const View3<const float>&,
                                            const std::optional<View3<const std::uint8_t>>&,
                                            const SplitSettings&, const Extent&, int);

}  // namespace cleft
