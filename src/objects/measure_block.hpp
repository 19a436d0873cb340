#pragma once

#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "components/label_block.hpp"
#include "objects/measure.hpp"

namespace cleft {

/// Measures the local components of one block of the reference mask. Not collective.
///
/// \tparam Stored  std::uint8_t or float.
/// \param block    The block's reference mask.
/// \param owned    The block's owned box, in voxels of the volume.
/// \param stored   The stored foreground probabilities of the owned box (z, y, x).
/// \param volume   Extent of the whole volume in voxels, each axis shorter than 2^31.
/// \returns        [component] its sums.
template <class Stored>
std::vector<ComponentSums> measure_block(const LabelledBlock& block, const Box& owned,
                                         const View3<const Stored>& stored, const Extent& volume);

/// A local component of a block's core mask.
struct LocalCore {
  std::uint32_t component = 0;  ///< local component of the reference mask that it lies in
  std::int64_t voxels = 0;

  friend bool operator==(const LocalCore&, const LocalCore&) = default;
};

/// Measures the local components of one block of the core mask. Not collective.
///
/// \param cores      The block's core mask.
/// \param reference  The block's reference mask.
/// \returns          [component of the core mask] its size and where it lies.
/// \pre              The core mask is a subset of the reference mask; both were labelled with the same
///                   connectivity.
std::vector<LocalCore> measure_cores(const LabelledBlock& cores, const LabelledBlock& reference);

extern template std::vector<ComponentSums> measure_block(const LabelledBlock&, const Box&,
                                                         const View3<const std::uint8_t>&, const Extent&);
extern template std::vector<ComponentSums> measure_block(const LabelledBlock&, const Box&,
                                                         const View3<const float>&, const Extent&);

}  // namespace cleft
