#include "pipeline/threshold_block.hpp"

#include "threshold/smooth.hpp"

namespace cleft {

template <class Stored>
ThresholdedBlock threshold_block(const BlockGrid& grid, std::int64_t number,
                                 const View3<const Stored>& padded, const ThresholdSettings& settings) {
  const Box core = grid.core(number);
  const LocalVoxel core_begin = grid.padded(number).local(core.begin);
  const auto stored = padded.part(core_begin, core.extent());
  const TwoLevelMasks masks = two_level_masks(
      smooth(padded, core_begin, core.extent(), settings.sigma).view(), stored, settings.options);

  ThresholdedBlock block;
  block.reference = label_block(masks.reference.view(), settings.connectivity);
  block.core = label_block(masks.core.view(), settings.connectivity);
  block.components = measure_block(block.reference, core, stored, grid.volume());
  block.cores = measure_cores(block.core, block.reference);
  return block;
}

template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const std::uint8_t>&,
                                          const ThresholdSettings&);
template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const float>&,
                                          const ThresholdSettings&);

std::int64_t threshold_bytes(const Extent& core, const Extent& padded, std::int64_t stored_bytes) {
  // The padded probabilities as stored and as numbers, two passes of the smoothing at once; then two masks.
  constexpr auto number_bytes = static_cast<std::int64_t>(sizeof(float));
  return voxel_count(padded) * (stored_bytes + 3 * number_bytes) + 2 * voxel_count(core);
}

}  // namespace cleft
