#include "segmentation/distributed/write_labels.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "io/distributed/volume_writer.hpp"
#include "io/distributed/write_in_order.hpp"
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

  /// Calls visit(run, label) for the runs of a row that reach into first <= x < end and whose label the
  /// volume has.
  template <class Visit>
  void for_each_run(std::int64_t z, std::int64_t y, std::int64_t first, std::int64_t end,
                    const Visit& visit) const {
    const auto runs = block.runs.row(z, y);
    auto run =
        std::partition_point(runs.begin(), runs.end(), [&](const VoxelRun& r) { return r.end <= first; });
    for (; run != runs.end() && run->begin < end; ++run)
      if (const std::uint64_t label = labels[run->component]; label >= volume.first && label <= volume.last)
        visit(*run, label);
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
      block.for_each_run(z, y, 0, extent.x, [&](const VoxelRun& run, std::uint64_t /*label*/) {
        for (std::int64_t x = run.begin / chunk.x; x <= (run.end - 1) / chunk.x; ++x)
          labelled[to_size(first + x)] = true;
      });
    }
  std::size_t number = 0;
  std::erase_if(chunks, [&](const Box& /*chunk*/) { return !labelled[number++]; });
  return chunks;
}

/// A chunk's labels, compressed.
/// \param box   Of the block.
/// \param part  Of the chunk, as far as the volume reaches.
/// \param chunk Extent of a whole one.
template <class Label>
PlacedChunk packed_chunk(const BlockLabels& block, const Box& box, const Box& part, const Extent& chunk) {
  Array3<Label> voxels(chunk);  // of zeros
  const LocalVoxel begin = box.local(part.begin);
  const Extent extent = part.extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      block.for_each_run(begin.z + z, begin.y + y, begin.x, begin.x + extent.x,
                         [&](const VoxelRun& run, std::uint64_t label) {
                           const std::int64_t from = std::max<std::int64_t>(run.begin - begin.x, 0);
                           const std::int64_t to = std::min<std::int64_t>(run.end - begin.x, extent.x);
                           std::fill(voxels.row(z, y) + from, voxels.row(z, y) + to, narrow<Label>(label));
                         });
  return {.begin = part.begin, .packed = VolumeWriter::packed(std::as_bytes(voxels.voxels()))};
}

/// This rank's chunks that hold a label.
template <class Label>
class LabelledChunks {
 public:
  LabelledChunks(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                 const LabelVolume& volume, const Extent& chunk, int threads)
      : grid_(grid), owned_(owned), volume_(volume), chunk_(chunk) {
    const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
    first_ = mine.begin;
    std::vector<std::vector<Box>> of_block(to_size(mine.size()));
    run_on_threads(mine.size(), threads, [&](std::int64_t b) {
      of_block[to_size(b)] = labelled_chunks(block(b), grid_.owned(first_ + b), chunk_);
    });
    for (std::int64_t b = 0; b < mine.size(); ++b)
      for (const Box& part : of_block[to_size(b)]) chunks_.emplace_back(b, part);
  }

  ChunkShare share() const {
    return {.count = narrow<std::int64_t>(chunks_.size()),
            .make =
                [this](std::int64_t n) {
                  const auto& [b, part] = chunks_[to_size(n)];
                  return packed_chunk<Label>(block(b), grid_.owned(first_ + b), part, chunk_);
                },
            .most_bytes = h5::most_deflated_bytes(to_size(voxel_count(chunk_)) * sizeof(Label))};
  }

 private:
  BlockLabels block(std::int64_t b) const {
    return {owned_.blocks[to_size(b)], owned_.components[to_size(b)], volume_};
  }

  const BlockGrid& grid_;
  const OwnedLabels& owned_;
  const LabelVolume& volume_;
  Extent chunk_;
  std::int64_t first_ = 0;                            // block of this rank
  std::vector<std::pair<std::int64_t, Box>> chunks_;  // block, counted from the first; part of the volume
};

/// A label volume on its way to the disk, on rank 0: chunks by block, and in a block by their first voxels.
/// Those that nobody hands over hold zeros.
class WrittenLabels {
 public:
  /// \param voxel_bytes  Of a label.
  WrittenLabels(const BlockGrid& grid, const Extent& chunk, std::size_t voxel_bytes, VolumeWriter& writer,
                WrittenVolume volume)
      : grid_(grid),
        chunk_(chunk),
        writer_(writer),
        volume_(std::move(volume)),
        zeros_(VolumeWriter::packed(std::vector<std::byte>(to_size(voxel_count(chunk)) * voxel_bytes))),
        progress_("write labels", voxel_count(grid.volume()), true) {}

  /// \pre Behind all that were put before.
  void put(const PlacedChunk& chunk) {
    put_zeros_until(chunk.begin);
    writer_.write_packed(volume_, chunk.begin, chunk.packed);
    ++next_;
  }
  void finish() { put_zeros_until({}); }

 private:
  /// \param begin  Of a chunk, or nothing: until the end.
  void put_zeros_until(const std::optional<GlobalVoxel>& begin) {
    for (;; ++next_) {
      while (next_ == chunks_.size()) {
        if (block_ == grid_.count()) {
          if (begin) throw InternalError("a chunk of labels was handed over twice, or not in order");
          return;
        }
        progress_.update(done_);
        done_ += voxel_count(grid_.owned(block_).extent());
        chunks_ = boxes_of_extent(grid_.owned(block_++), chunk_);
        next_ = 0;
      }
      if (begin && chunks_[next_].begin == *begin) return;
      writer_.write_packed(volume_, chunks_[next_].begin, zeros_);
    }
  }

  const BlockGrid& grid_;
  Extent chunk_;
  VolumeWriter& writer_;
  WrittenVolume volume_;
  h5::PackedChunk zeros_;
  Progress progress_;
  std::int64_t block_ = 0, done_ = 0;  // the next block; voxels of those before
  std::vector<Box> chunks_;            // of the block before that
  std::size_t next_ = 0;               // of these
};

/// Makes a volume and writes every rank's blocks of it. Collective.
/// \param writer  On rank 0 only.
template <class Label>
void write_volume(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                  const LabelFacts& facts, const LabelVolume& volume, int threads, VolumeWriter* writer,
                  const std::stop_token& stop) {
  const Extent chunk = chunk_within(grid.volume(), grid.block(), tuning::label_chunk);
  std::optional<WrittenLabels> written;
  std::optional<LabelledChunks<Label>> chunks;
  all_or_throw(comm, [&] {
    chunks.emplace(comm, grid, owned, volume, chunk, threads);
    if (writer == nullptr) return;
    auto made = writer->create_volume<Label>(volume.name, {.extent = grid.volume(),
                                                           .chunk = chunk,
                                                           .compressed = true,
                                                           .voxel_size = facts.voxel_size,
                                                           .offset = facts.offset});
    writer->flush();
    written.emplace(grid, chunk, sizeof(Label), *writer, std::move(made));
  });
  const PackingLimits limits{.threads = threads,
                             .window_bytes = to_size(voxel_count(grid.block())) * sizeof(std::uint64_t),
                             .parcel = threads * tuning::label_chunks_per_thread};
  write_in_order(
      comm, chunks->share(), limits, [&](const PlacedChunk& made) { written->put(made); }, stop);
  all_or_throw(comm, [&] {
    if (written) written->finish();
  });
}

/// Writes all volumes. Collective.
template <class Label>
void write_volumes(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                   const LabelFacts& facts, int threads, VolumeWriter* writer, const std::stop_token& stop) {
  const LabelVolume synapses{labels_dataset, 1, facts.synapses};
  write_volume<Label>(comm, grid, owned, facts, synapses, threads, writer, stop);
  if (!facts.has_candidates) return;
  const LabelVolume candidates{candidates_dataset, facts.synapses + 1, facts.synapses + facts.candidates};
  write_volume<Label>(comm, grid, owned, facts, candidates, threads, writer, stop);
}

}  // namespace

std::int64_t label_bytes(const Extent& block) {
  // What is packed and waits, and the chunks that are being packed.
  return Array3<std::uint64_t>::memory(block) +
         voxel_count(block) * narrow<std::int64_t>(sizeof(std::uint64_t));
}

UnpublishedFile write_labels(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                             const LabelFacts& facts, int threads, const std::filesystem::path& file,
                             const std::stop_token& stop) {
  // The two largest numbers of the type are kept free: CREMI's tools take them for background and invalid.
  const bool small = facts.synapses + facts.candidates < std::numeric_limits<std::uint32_t>::max() - 1;
  std::optional<VolumeWriter> writer;
  all_or_throw(comm, [&] {
    if (comm.is_root()) writer.emplace(VolumeWriter::create_alone(file, seal_bytes));
  });
  try {
    const auto write = small ? write_volumes<std::uint32_t> : write_volumes<std::uint64_t>;
    write(comm, grid, owned, facts, threads, writer ? &*writer : nullptr, stop);
  } catch (const Stopped&) {  // on every rank; what unwinds through a writer would leave its file open
    writer.reset();
    throw;
  }
  UnpublishedFile written;
  all_or_throw(comm, [&] {
    if (writer) written = writer->finish_unpublished();
  });
  return written;
}

}  // namespace cleft
