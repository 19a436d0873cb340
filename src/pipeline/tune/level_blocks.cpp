#include "pipeline/tune/level_blocks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "blocks/ownership.hpp"
#include "parallel/agree.hpp"
#include "segmentation/mask_edge.hpp"
#include "segmentation/nested_masks.hpp"
#include "segmentation/open_components.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// What stays the same from block to block.
struct Work {
  const SegmentJob& job;
  const BlockGrid& grid;
  const SegmentInputs& inputs;
  const SharedSmoothing& smoothing;
  const SettingJudge* judge;
};

/// One block, read and smoothed.
template <class Stored>
struct SmoothedBlock {
  Box owned;
  Array3<Stored> padded;
  View3<const Stored> stored;  // of the owned box
  Array3<float> smoothed;
  KnownVoxels known;
};

template <class Stored>
SmoothedBlock<Stored> read_and_smooth(const Work& work, std::int64_t number) {
  const Box padded = work.grid.padded(number);
  SmoothedBlock<Stored> block{.owned = work.grid.owned(number),
                              .padded = Array3<Stored>::uninitialized(padded.extent()),
                              .stored = {},
                              .smoothed = {},
                              .known = {}};
  work.inputs.probability.read(padded, block.padded.view());
  if (work.inputs.mask) {
    auto mask = Array3<std::uint8_t>::uninitialized(padded.extent());
    work.inputs.mask->read(padded, mask.view());
    clear_outside<Stored>(mask.view(), block.padded.view());
  }
  if (work.judge != nullptr) block.known = work.judge->known(block.owned);
  const View3<const Stored> view = block.padded.view();
  const LocalVoxel begin = padded.local(block.owned.begin);
  block.stored = view.part(begin, block.owned.extent());
  block.smoothed = smooth(view, begin, block.owned.extent(), work.smoothing.sigma, work.job.threads);
  return block;
}

/// The components of a mask that are open or have at least so many voxels.
LabelledBlock components_to_keep(VoxelRuns mask, const SharedLevels& levels, const Box& owned,
                                 const Extent& volume) {
  LabelledBlock block = label_runs(std::move(mask), levels.connectivity);
  std::vector<bool> keep = open_components(block, owned, volume);
  std::vector<std::int64_t> sizes(block.component_count);
  for (const VoxelRun& run : block.runs.all()) sizes[run.component] += run.end - run.begin;
  for (std::size_t c = 0; c < keep.size(); ++c) keep[c] = keep[c] || sizes[c] >= levels.least_size;
  keep_components(block, keep);
  return block;
}

/// What is known of one reference mask of a block.
struct ReferenceOfBlock {
  std::vector<ComponentSums> components;
  std::vector<ObjectEvidence> evidence;
  std::vector<TruthContact> contacts;
  std::vector<std::vector<LocalCore>> cores;
};

template <class Stored>
ReferenceOfBlock measure_reference(const Work& work, const SmoothedBlock<Stored>& block,
                                   const SharedReference& shared, const std::vector<LabelledBlock>& levels) {
  const LabelledBlock& reference = levels[shared.level];
  ReferenceOfBlock found;
  found.components = measure_block(reference, block.owned, block.stored, work.grid.volume());
  for (const SharedCores& cores : shared.cores)
    found.cores.push_back(measure_cores(levels[cores.level], reference));
  if (work.judge == nullptr) return found;
  const auto runs = runs_in_volume(reference.runs, block.owned.begin, work.judge->region());
  found.evidence = evidence_of(runs, reference.component_count, block.known);
  found.contacts = work.judge->contacts(runs, reference.component_count);
  return found;
}

void append(ReferenceOfBlock&& block, ReferenceParts& parts) {
  parts.components.push_back(std::move(block.components));
  parts.evidence.push_back(std::move(block.evidence));
  parts.contacts.push_back(std::move(block.contacts));
  parts.cores.resize(block.cores.size());
  for (std::size_t c = 0; c < block.cores.size(); ++c) parts.cores[c].push_back(std::move(block.cores[c]));
}

/// Adds what is kept of a block. Levels, then reference masks, are shared out over threads.
template <class Stored>
void add_block(const Work& work, const SmoothedBlock<Stored>& block, const SharedLevels& shared,
               LevelParts& parts) {
  auto masks =
      nested_masks(block.smoothed.view(), block.stored, shared.background, shared.ratios, work.job.threads);
  std::vector<LabelledBlock> levels(masks.size());
  run_on_threads(std::ssize(masks), work.job.threads, [&](std::int64_t level) {
    levels[to_size(level)] =
        components_to_keep(std::move(masks[to_size(level)]), shared, block.owned, work.grid.volume());
  });
  std::vector<ReferenceOfBlock> references(shared.references.size());
  run_on_threads(std::ssize(references), work.job.threads, [&](std::int64_t n) {
    references[to_size(n)] = measure_reference(work, block, shared.references[to_size(n)], levels);
  });
  parts.references.resize(references.size());
  for (std::size_t n = 0; n < references.size(); ++n) append(std::move(references[n]), parts.references[n]);
  parts.blocks.resize(levels.size());
  for (std::size_t level = 0; level < levels.size(); ++level) {
    keep_runs_at_faces(levels[level], block.owned, work.grid.volume());
    parts.blocks[level].push_back(std::move(levels[level]));
  }
}

template <class Stored>
void add_blocks(const Work& work, const NumberRange& mine, Progress& progress, const std::stop_token& stop,
                std::vector<LevelParts>& parts) {
  for (std::int64_t n = mine.begin; n < mine.end; ++n) {
    throw_if_stopped(stop);
    const auto block = read_and_smooth<Stored>(work, n);
    for (std::size_t l = 0; l < parts.size(); ++l)
      add_block<Stored>(work, block, work.smoothing.levels[l], parts[l]);
    progress.add(voxel_count(work.grid.volume()) / mine.size());
  }
}

/// Where a rank has no block, every level and reference mask is there all the same.
std::vector<LevelParts> without_blocks(const SharedSmoothing& smoothing) {
  std::vector<LevelParts> parts;
  for (const SharedLevels& levels : smoothing.levels) {
    LevelParts& part = parts.emplace_back();
    part.blocks.resize(levels.ratios.size());
    for (const SharedReference& reference : levels.references)
      part.references.emplace_back().cores.resize(reference.cores.size());
  }
  return parts;
}

}  // namespace

std::vector<ObjectRun> runs_in_volume(const VoxelRuns& runs, const GlobalVoxel& begin, const Box& only) {
  std::vector<ObjectRun> placed;
  for (std::int64_t z = 0; z < runs.extent().z; ++z)
    for (std::int64_t y = 0; y < runs.extent().y; ++y) {
      const GlobalVoxel first = begin + Extent{z, y, 0};
      if (first.z < only.begin.z || first.z >= only.end.z || first.y < only.begin.y || first.y >= only.end.y)
        continue;
      for (const VoxelRun& run : runs.row(z, y)) {
        const std::int64_t from = std::max(first.x + run.begin, only.begin.x);
        const std::int64_t to = std::min(first.x + run.end, only.end.x);
        if (from < to) placed.push_back({first.z, first.y, from, to, run.component});
      }
    }
  return placed;
}

std::vector<LevelParts> find_level_components(const Communicator& comm, const SegmentJob& job,
                                              const BlockGrid& grid, const SegmentInputs& inputs,
                                              const SharedSmoothing& smoothing, const SettingJudge* judge,
                                              Progress& progress, const std::stop_token& stop) {
  std::vector<LevelParts> parts = without_blocks(smoothing);
  all_or_throw(comm, [&] {
    const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
    const Work work{job, grid, inputs, smoothing, judge};
    if (inputs.probability.type() == ElementType::uint8)
      add_blocks<std::uint8_t>(work, mine, progress, stop, parts);
    else
      add_blocks<float>(work, mine, progress, stop, parts);
  });
  return parts;
}

}  // namespace cleft
