#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "blocks/block_grid.hpp"
#include "components/label_block.hpp"
#include "io/h5/file.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// One rank's part of a label volume: the runs of its blocks and, for each block and local component, the
/// label to write.
struct OwnedLabels {
  std::span<const LabelledBlock> blocks;  ///< those of owned_range, in order
  /// [block][local component] its label; 0 is background.
  std::span<const std::vector<std::uint64_t>> components;
};

/// Writes a label volume block by block: `/labels`, uint64, gzip-compressed, chunks that divide the blocks.
/// Every rank writes its own blocks, all of them in the same collective call; a rank that has run out of
/// blocks joins with nothing. Collective over `comm`.
///
/// \param file        Takes its name only once everything is in it.
/// \param voxel_size  Stored with the labels, when known.
/// \param threads     That share the making of a block's labels.
/// \param extra       What else belongs into the file; called on rank 0 when the labels are written.
/// \throws CollectiveError on every rank.
void write_labels(const Communicator& comm, const BlockGrid& grid, const OwnedLabels& owned,
                  const std::optional<VoxelSize>& voxel_size, int threads, const std::filesystem::path& file,
                  const std::function<void(h5::File&)>& extra);

/// Bytes that writing a block of this extent takes.
std::int64_t label_bytes(const Extent& block);

}  // namespace cleft
