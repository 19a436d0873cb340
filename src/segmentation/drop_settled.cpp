#include "segmentation/drop_settled.hpp"

#include <cstddef>
#include <utility>
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

/// Leaves the values whose component is kept, in their order.
template <class T>
void keep_if(std::vector<T>& values, const std::vector<bool>& keep) {
  std::vector<T> kept;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (keep[i]) kept.push_back(std::move(values[i]));
  kept.shrink_to_fit();
  values = std::move(kept);
}

}  // namespace

Settled drop_settled(ThresholdedBlock& block, const Box& owned, const Extent& volume, const ObjectRule& rule,
                     const std::optional<CandidateRank>& limit) {
  std::vector<CoreSums> core_sums(block.components.size());
  for (const LocalCore& local : block.cores) add_core(core_sums[local.component], local.voxels);
  std::vector<bool> keep(block.components.size()), keep_core(block.cores.size());
  Settled settled;
  for (std::size_t c = 0; c < keep.size(); ++c) {
    const ComponentSums& component = block.components[c];
    keep[c] = true;
    if (may_go_on(component, owned, volume)) continue;
    const SizeFinding finding = judge_component(component, core_sums[c], rule.bounds);
    const CandidateRank rank{decisive_step(block.steps[c], rule.needed()), component.first_voxel};
    block.steps[c] = {{rank.step, rule.needed()}};
    if (finding == SizeFinding::synapse) continue;
    keep[c] = limit && is_candidate(component, core_sums[c], rule.bounds) && !is_better(*limit, rank);
    if (keep[c])
      settled.candidates.push_back(rank);
    else
      settled.dropped.add(finding);
  }
  for (std::size_t c = 0; c < keep_core.size(); ++c) keep_core[c] = keep[block.cores[c].component];

  const auto numbers = keep_components(block.reference, keep);
  keep_components(block.core, keep_core);
  keep_if(block.components, keep);
  keep_if(block.steps, keep);
  keep_if(block.cores, keep_core);
  for (LocalCore& local : block.cores) local.component = numbers[local.component];
  return settled;
}

}  // namespace cleft
