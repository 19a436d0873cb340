#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/box.hpp"
#include "base/files/publish.hpp"
#include "blocks/block_grid.hpp"
#include "components/label_block.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// One rank's share of a label volume: its blocks' runs of voxels and, per block and local component, the
/// label to write.
struct OwnedLabels {
  std::span<const LabelledBlock> blocks;  ///< those of owned_range, in order
  /// [block][local component] its label; 0 is background.
  std::span<const std::vector<std::uint64_t>> components;
};

/// What is stored with label volumes, the same on every rank.
struct LabelFacts {
  std::uint64_t synapses = 0;    ///< labels 1 to this one are synapses
  std::uint64_t candidates = 0;  ///< the so many labels behind those are candidates
  bool has_candidates = false;   ///< there is a volume of candidates, also where none was found
  std::optional<VoxelSize> voxel_size{};
  std::optional<PerAxis<double>> offset{};  ///< nm: where the volume lies, see base/place.hpp
};

/// Writes label volumes: `/labels` (labels_dataset), which has the synapses, and, where candidates are kept,
/// `/candidates` (candidates_dataset), which has those. Both have axes z, y, x, and are gzip-compressed, of
/// uint32 (which NumPy counts and R reads) or, where the largest label needs it, of uint64; in chunks of
/// which each belongs to one block. Every rank compresses its own blocks' chunks on its threads; rank 0
/// writes them (write_in_order): block by block, in a block by their first voxels. So the file is the same
/// to the byte for any number of ranks and threads. Chunks without a label are compressed once. Collective
/// over `comm`.
///
/// \param file        The name that the file is to get when it is published.
/// \param threads     How many of each rank turn runs into voxels and compress these.
/// \param stop        Looked at now and then; a stop that is requested on one rank stops all.
/// \returns           On rank 0 the file, closed, so that complete_synapse_file can add the table and the
///                    file can be published; an empty one elsewhere.
/// \throws CollectiveError, Stopped on every rank; nothing is left of the file then.
UnpublishedFile write_labels(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                             const LabelFacts& facts, int threads, const std::filesystem::path& file,
                             const std::stop_token& stop = {});

/// Bytes of memory that writing labels takes on each rank where blocks have this extent.
std::int64_t label_bytes(const Extent& block);

}  // namespace cleft
