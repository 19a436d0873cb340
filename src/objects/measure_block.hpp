#pragma once

#include <cstdint>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "components/label_block.hpp"
#include "objects/measure.hpp"

namespace cleft {

/// Measures the local components of one block of the reference mask.
///
/// \tparam Stored  std::uint8_t or float.
/// \param block    Of the reference mask of `core`.
/// \param core     The block's box in the volume.
/// \param stored   The stored foreground probabilities of the core.
/// \param volume   Extent of the whole volume.
/// \returns        One per local component, in their order.
template <class Stored>
std::vector<ComponentSums> measure_block(const LabelledBlock& block, const Box& core,
                                         const View3<const Stored>& stored, const Extent& volume);

/// A local component of a block of the core mask.
struct LocalCore {
  std::uint32_t component = 0;  ///< local component of the reference mask that it lies in
  std::int64_t voxels = 0;

  friend bool operator==(const LocalCore&, const LocalCore&) = default;
};

/// Measures the local components of one block of the core mask.
///
/// \param cores      Of the core mask of a block.
/// \param reference  Of the reference mask of the same block.
/// \returns          One per local component of the core mask, in their order.
/// \pre              The core mask is a subset of the reference mask; both have the same connectivity.
std::vector<LocalCore> measure_cores(const LabelledBlock& cores, const LabelledBlock& reference);

extern template std::vector<ComponentSums> measure_block(const LabelledBlock&, const Box&,
                                                         const View3<const std::uint8_t>&, const Extent&);
extern template std::vector<ComponentSums> measure_block(const LabelledBlock&, const Box&,
                                                         const View3<const float>&, const Extent&);

}  // namespace cleft
