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
#include "io/volume/read_boxes.hpp"
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

/// One block, what its components are labelled with, and the volume that it is written to.
struct BlockLabels {
  const LabelledBlock& block;
  const std::vector<std::uint64_t>& labels;  // [component] 0 is background
  const LabelVolume& volume;

  /// Calls visit(run, label) for the runs of a row whose label the volume has.
  template <class Visit>
  void for_each_run(std::int64_t z, std::int64_t y, const Visit& visit) const {
    for (const VoxelRun& run : block.runs.row(z, y))
      if (const std::uint64_t label = labels[run.component]; label >= volume.first && label <= volume.last)
        visit(run, label);
  }
};

/// The chunks of a block's box that hold a labelled voxel, in the order of their first voxels.
std::vector<Box> labelled_chunks(const BlockLabels& block, const Box& box, const Extent& chunk) {
  std::vector<Box> chunks = boxes_of_extent(box, chunk);
  const Extent extent = box.extent();
  const auto along = [&](int axis) { return (extent[axis] + chunk[axis] - 1) / chunk[axis]; };
  std::vector<bool> labelled(chunks.size());
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const std::int64_t first = (z / chunk.z * along(1) + y / chunk.y) * along(2);
      block.for_each_run(z, y, [&](const VoxelRun& run, std::uint64_t /*label*/) {
        for (std::int64_t x = run.begin / chunk.x; x <= (run.end - 1) / chunk.x; ++x)
          labelled[to_size(first + x)] = true;
      });
    }
  std::size_t number = 0;
  std::erase_if(chunks, [&](const Box& /*chunk*/) { return !labelled[number++]; });
  return chunks;
}

/// The label of every voxel in some chunks of a block, which hold all that is labelled. Others are not even
/// cleared: their memory is never touched.
template <class Label>
Array3<Label> voxels_of(const BlockLabels& block, const Box& box, std::span<const Box> chunks, int threads) {
  auto voxels = Array3<Label>::uninitialized(box.extent());
  run_on_threads(narrow<std::int64_t>(chunks.size()), threads, [&](std::int64_t number) {
    const Box& chunk = chunks[to_size(number)];
    const auto part = voxels.view().part(box.local(chunk.begin), chunk.extent());
    for (std::int64_t z = 0; z < chunk.extent().z; ++z)
      for (std::int64_t y = 0; y < chunk.extent().y; ++y) std::fill_n(part.row(z, y), chunk.extent().x, 0);
  });
  run_on_threads(box.extent().z, threads, [&](std::int64_t z) {
    for (std::int64_t y = 0; y < box.extent().y; ++y)
      block.for_each_run(z, y, [&](const VoxelRun& run, std::uint64_t label) {
        std::fill(voxels.row(z, y) + run.begin, voxels.row(z, y) + run.end, narrow<Label>(label));
      });
  });
  return voxels;
}

/// Makes a volume and writes this rank's blocks of it. Collective.
/// \returns Whether all is written: not where a rank was asked to stop.
template <class Label>
bool write_volume(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                  const LabelFacts& facts, const LabelVolume& volume, int threads, VolumeWriter& writer,
                  const std::stop_token& stop) {
  const Extent chunk = chunk_within(grid.volume(), grid.block(), tuning::label_chunk);
  auto labels = writer.create_volume<Label>(volume.name, {.extent = grid.volume(),
                                                          .chunk = chunk,
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
    std::vector<Box> chunks;
    Array3<Label> voxels;
    all_or_throw(comm, [&] {
      if (round >= mine.size()) return;
      const BlockLabels block{owned.blocks[to_size(round)], owned.components[to_size(round)], volume};
      const Box whole = grid.owned(mine.begin + round);
      chunks = labelled_chunks(block, whole, chunk);
      if (chunks.empty()) return;
      box = whole;
      voxels = voxels_of<Label>(block, box, chunks, threads);
    });
    writer.write_collective<Label>(labels, box, voxels.view(), chunks);
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
