#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/array3.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/files/manifest.hpp"
#include "io/distributed/volume_writer.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/communicator.hpp"
#include "probability/files/stored_blocks.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {

/// What a probability file holds and what it was made from.
struct ProbabilityLayout {
  Extent volume;
  Extent block;                           ///< of a block's owned box
  ElementType type = ElementType::uint8;  ///< uint8 (round(255 p)) or float32 (p)
  std::vector<std::string> classes;       ///< one: `/probability` is z, y, x; several: z, y, x, c
  nlohmann::json recipe;  ///< all that decides the values: model, volume, mask; rank 0's is stored
  std::optional<VoxelSize> voxel_size;
  std::optional<PerAxis<double>> offset{};  ///< nm: where the volume lies, see base/place.hpp
};

/// How sound a finished probability file was found to be.
struct ProbabilityCheck {
  std::int64_t blocks = 0;   ///< how many the file has
  std::vector<Box> damaged;  ///< owned boxes of the blocks whose values are not those that predict wrote
};

/// Reads all values of a finished probability file and compares them with the checksums of their blocks. Each
/// rank reads its share of the blocks. Collective over `comm`.
/// \returns The same on every rank.
/// \throws  CollectiveError on every rank when it is no such file or cannot be read.
ProbabilityCheck check_probability(const Communicator& comm, const std::filesystem::path& path);

/// The file between predict and segment, and predict's checkpoint: `/probability` in chunks that divide the
/// blocks, and `/manifest` with one mark per block (see Manifest). Shared by all ranks. It gets its final
/// name when it is finished. Until then it is called "<path>.part", a name that it gets only once its
/// datasets, its attributes and all its disk space are there: a file of that name lacks nothing but the
/// values of the blocks that are not marked done.
class ProbabilityFile {
 public:
  /// Goes on with the unfinished file beside `path`, or begins a new one, and reserves the disk space for all
  /// of it. Blocks that are marked done are read again and compared with their checksums: a block that was
  /// half written when its rank was killed counts as not done. Collective.
  ///
  /// \pre layout.block is block_of_unfinished(path) where that has a value; what is there has layout.recipe.
  /// \throws CollectiveError on every rank; also when what is there is of another shape or type, is a link,
  ///         or no regular file.
  ProbabilityFile(const Communicator& comm, const std::filesystem::path& path,
                  const ProbabilityLayout& layout);

  /// Numbers of the blocks still to do, the same on every rank, ascending.
  const std::vector<std::int64_t>& pending() const { return pending_; }

  /// Writes one block, then marks it done. Not collective.
  /// \param probabilities  One array per class, each of the extent of the block's owned box.
  /// \throws               IoError
  void write_block(std::int64_t number, const std::vector<Array3<float>>& probabilities);

  /// Gives the file its final name. Collective.
  /// \pre    Every pending block was written by some rank.
  /// \throws CollectiveError on every rank.
  void finish();

 private:
  void begin(const std::filesystem::path& unfinished, const ProbabilityLayout& layout) const;
  bool can_go_on(const std::filesystem::path& unfinished) const;
  VolumeWriter begin_or_go_on(const std::filesystem::path& path, const ProbabilityLayout& layout) const;
  const BlockGrid& grid() const { return blocks_.grid; }
  void open_datasets();
  void find_pending();
  template <class Stored>
  std::uint64_t write_chunks(const Box& owned, const std::vector<Array3<float>>& probabilities);

  const Communicator& comm_;
  StoredBlocks blocks_;
  VolumeWriter writer_;
  std::optional<h5::Dataset> dataset_;
  std::optional<Manifest> manifest_;
  std::vector<std::int64_t> pending_;
};

}  // namespace cleft
