#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "blocks/block_grid.hpp"
#include "forest/samples.hpp"
#include "pipeline/detect/predict_job.hpp"
#include "probability/classify_block.hpp"
#include "probability/distributed/probability_file.hpp"

namespace cleft {

/// The volume and its mask, opened by every rank for itself.
struct PredictInputs {
  /// \throws InputError when the volume has another number of channels than the features are of, or the mask
  ///         several channels.
  explicit PredictInputs(const PredictJob& job);

  const Extent& extent() const { return channels.front().extent(); }

  std::vector<VolumeReader> channels;
  std::optional<MaskReader> mask;
};

/// The voxels of a block on its way from grey values to stored probabilities.
struct BlockVoxels {
  std::int64_t number = 0;                   ///< of the block
  std::optional<Array3<std::uint8_t>> mask;  ///< of the owned box
  std::vector<Array3<float>> grey;  ///< [image channel] of the padded box; none where the mask leaves
                                    ///< nothing, and once the probabilities are there
  std::vector<Array3<float>> probabilities;  ///< [stored class] of the owned box
};

/// The three steps of one block. Nothing here is collective.
class BlockWorker {
 public:
  /// Stores references to all arguments but `tile`; they must outlive this object.
  /// \param tile  See BlockClassifier.
  BlockWorker(const PredictJob& job, const PredictInputs& inputs, const BlockGrid& grid, const Extent& tile,
              ProbabilityFile& file);

  /// Reads its grey values and its part of the mask.
  /// \throws InputError, IoError
  std::unique_ptr<BlockVoxels> load(std::int64_t number);
  /// Turns grey values into probabilities, and frees the grey values. Makes no MPI and no HDF5 call, so that
  /// the next block can be loaded and the last one stored meanwhile.
  /// \throws Stopped between two tiles; the block then has no probabilities.
  void compute(BlockVoxels& block, const std::stop_token& stop) const;
  /// Writes its probabilities and marks it done.
  /// \throws IoError
  void store(const BlockVoxels& block);

  // Of the blocks so far: voxels inside the mask; voxels of their owned boxes and with halo, where the mask
  // left something to compute; voxels stored; the grey values of the voxels computed, and how many of these
  // are no numbers.
  std::int64_t searched_voxels() const { return searched_; }
  std::int64_t computed_voxels() const { return computed_; }
  std::int64_t read_voxels() const { return read_; }
  std::int64_t written_voxels() const { return written_; }
  const ValueRange& grey() const { return grey_; }
  std::int64_t not_numbers() const { return not_numbers_; }

 private:
  void look_at(const View3<const float>& owned);

  const PredictJob& job_;
  const PredictInputs& inputs_;
  const BlockGrid& grid_;
  ProbabilityFile& file_;
  BlockClassifier classifier_;
  std::int64_t searched_ = 0, computed_ = 0, read_ = 0, written_ = 0, not_numbers_ = 0;
  ValueRange grey_;
};

}  // namespace cleft
