#include "segmentation/drop_settled.hpp"

#include <cstddef>
#include <vector>

namespace cleft {
namespace {

/// Whether a component may go on in another block. For any connectivity only voxels at a face of the owned
/// box have neighbours beyond it; its edges and corners are part of the faces.
bool may_go_on(const ComponentSums& component, const Box& owned, const Extent& volume) {
  const auto reaches = [](std::int64_t low, std::int64_t high, std::int64_t begin, std::int64_t end,
                          std::int64_t length) {
    return (low == begin && begin > 0) || (high == end - 1 && end < length);
  };
  return reaches(component.low.z, component.high.z, owned.begin.z, owned.end.z, volume.z) ||
         reaches(component.low.y, component.high.y, owned.begin.y, owned.end.y, volume.y) ||
         reaches(component.low.x, component.high.x, owned.begin.x, owned.end.x, volume.x);
}

/// The values whose component is kept, in their order.
template <class T>
std::vector<T> kept(const std::vector<T>& values, const std::vector<bool>& keep) {
  std::vector<T> result;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (keep[i]) result.push_back(values[i]);
  result.shrink_to_fit();
  return result;
}

}  // namespace

DroppedCounts drop_settled(ThresholdedBlock& block, const Box& owned, const Extent& volume,
                           const SizeBounds& bounds) {
  std::vector<CoreSums> core_sums(block.components.size());
  for (const LocalCore& local : block.cores) add_core(core_sums[local.component], local.voxels);
  std::vector<bool> keep(block.components.size()), keep_core(block.cores.size());
  DroppedCounts dropped;
  for (std::size_t c = 0; c < keep.size(); ++c) {
    const Verdict verdict = judge_component(block.components[c], core_sums[c], bounds);
    keep[c] = verdict == Verdict::synapse || may_go_on(block.components[c], owned, volume);
    if (!keep[c]) dropped.add(verdict);
  }
  for (std::size_t c = 0; c < keep_core.size(); ++c) keep_core[c] = keep[block.cores[c].component];

  const auto numbers = keep_components(block.reference, keep);
  keep_components(block.core, keep_core);
  block.components = kept(block.components, keep);
  block.cores = kept(block.cores, keep_core);
  for (LocalCore& local : block.cores) local.component = numbers[local.component];
  return dropped;
}

}  // namespace cleft
