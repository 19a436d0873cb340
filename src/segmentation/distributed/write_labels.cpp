#include "segmentation/distributed/write_labels.hpp"

#include <algorithm>
#include <limits>

#include "base/array3.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "io/distributed/volume_writer.hpp"
#include "io/sealed_file.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "segmentation/tuning.hpp"

namespace cleft {
namespace {

/// A label volume, and which labels it has: first … last. All other voxels are 0.
struct LabelVolume {
  const char* name;
  std::uint64_t first, last;
};

/// The label of every voxel of one block.
template <class Label>
Array3<Label> voxels_of(const LabelledBlock& block, const std::vector<std::uint64_t>& labels,
                        const LabelVolume& volume, int threads) {
  const Extent extent = block.runs.extent();
  auto voxels = Array3<Label>::uninitialized(extent);
  run_on_threads(extent.z, threads, [&](std::int64_t z) {
    std::fill_n(voxels.row(z, 0), extent.y * extent.x, 0);
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y)) {
        const std::uint64_t label = labels[run.component];
        if (label >= volume.first && label <= volume.last)
          std::fill(voxels.row(z, y) + run.begin, voxels.row(z, y) + run.end, narrow<Label>(label));
      }
  });
  return voxels;
}

/// Makes a volume and writes this rank's blocks of it. Collective.
/// \returns Whether all is written: not where a rank was asked to stop.
template <class Label>
bool write_volume(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                  const LabelFacts& facts, const LabelVolume& volume, int threads, VolumeWriter& writer,
                  const std::stop_token& stop) {
  auto labels = writer.create_volume<Label>(
      volume.name, {.extent = grid.volume(),
                    .chunk = chunk_within(grid.volume(), grid.block(), tuning::label_chunk),
                    .compressed = true,
                    .voxel_size = facts.voxel_size,
                    .offset = facts.offset});
  writer.flush();
  const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
  const std::int64_t rounds = comm.max(mine.size());
  Progress progress("write labels", voxel_count(grid.volume()), comm.is_root());
  for (std::int64_t round = 0; round < rounds; ++round) {
    if (comm.max(stop.stop_requested() ? 1 : 0) > 0) return false;
    Box box{};
    Array3<Label> voxels;
    all_or_throw(comm, [&] {
      if (round >= mine.size()) return;
      const auto n = to_size(round);
      box = grid.owned(mine.begin + round);
      voxels = voxels_of<Label>(owned.blocks[n], owned.components[n], volume, threads);
    });
    writer.write_collective<Label>(labels, box, voxels.view());
    progress.update(voxel_count(grid.volume()) / rounds * (round + 1));
  }
  return true;
}

/// Writes all volumes. Collective.
/// \returns as write_volume
template <class Label>
bool write_volumes(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                   const LabelFacts& facts, int threads, VolumeWriter& writer, const std::stop_token& stop) {
  const LabelVolume synapses{labels_dataset, 1, facts.synapses};
  if (!write_volume<Label>(comm, grid, owned, facts, synapses, threads, writer, stop)) return false;
  const LabelVolume candidates{candidates_dataset, facts.synapses + 1, facts.synapses + facts.candidates};
  return !facts.has_candidates ||
         write_volume<Label>(comm, grid, owned, facts, candidates, threads, writer, stop);
}

}  // namespace

std::int64_t label_bytes(const Extent& block) {
  // The voxels, and a copy of their chunks that HDF5 compresses.
  return Array3<std::uint64_t>::memory(block) +
         voxel_count(block) * narrow<std::int64_t>(sizeof(std::uint64_t));
}

UnpublishedFile write_labels(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                             const LabelFacts& facts, int threads, const std::filesystem::path& file,
                             const std::stop_token& stop) {
  // The two largest numbers of the type are kept free: CREMI's tools take them for background and invalid.
  const bool small = facts.synapses + facts.candidates < std::numeric_limits<std::uint32_t>::max() - 1;
  bool stopped = false;
  {
    VolumeWriter writer = VolumeWriter::create(comm, file, seal_bytes);
    stopped = small ? !write_volumes<std::uint32_t>(comm, grid, owned, facts, threads, writer, stop)
                    : !write_volumes<std::uint64_t>(comm, grid, owned, facts, threads, writer, stop);
    if (!stopped) return writer.finish_unpublished();
  }
  // The unfinished file is closed and gone by now, as it is not where an exception unwinds through a writer.
  throw Stopped();
}

}  // namespace cleft
