#include "pipeline/threshold_block.hpp"

#include <utility>

#include "components/runs.hpp"
#include "threshold/smooth.hpp"

namespace cleft {

template <class Stored>
ThresholdedBlock threshold_block(const BlockGrid& grid, std::int64_t number,
                                 const View3<const Stored>& padded, const ThresholdSettings& settings) {
  const Box core = grid.core(number);
  const LocalVoxel core_begin = grid.padded(number).local(core.begin);
  const auto stored = padded.part(core_begin, core.extent());
  const Array3<float> smoothed = smooth(padded, core_begin, core.extent(), settings.sigma);

  // One sweep: the masks are there for one section at a time, as long as the processor's cache holds it.
  RunsBuilder reference(core.extent()), cores(core.extent());
  const Extent section{1, core.extent().y, core.extent().x};
  for (std::int64_t z = 0; z < core.extent().z; ++z) {
    const TwoLevelMasks masks = two_level_masks(smoothed.view().part({z, 0, 0}, section),
                                                stored.part({z, 0, 0}, section), settings.options);
    reference.add(masks.reference.view());
    cores.add(masks.core.view());
  }

  ThresholdedBlock block;
  block.reference = label_runs(std::move(reference).finish(), settings.connectivity);
  block.core = label_runs(std::move(cores).finish(), settings.connectivity);
  block.components = measure_block(block.reference, core, stored, grid.volume());
  block.cores = measure_cores(block.core, block.reference);
  return block;
}

template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const std::uint8_t>&,
                                          const ThresholdSettings&);
template ThresholdedBlock threshold_block(const BlockGrid&, std::int64_t, const View3<const float>&,
                                          const ThresholdSettings&);

std::int64_t threshold_bytes(const Extent& core, const Extent& padded, std::int64_t stored_bytes) {
  // The padded probabilities as stored and as numbers, two passes of the smoothing at once; then two masks of
  // a section.
  constexpr auto number_bytes = static_cast<std::int64_t>(sizeof(float));
  return voxel_count(padded) * (stored_bytes + 3 * number_bytes) + 2 * core.y * core.x;
}

}  // namespace cleft
