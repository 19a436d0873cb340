#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <hwy/aligned_allocator.h>

#include "base/array3.hpp"
#include "forest/predict/voxel_words.hpp"

namespace cleft::forest {

struct CodedTrees;

/// What CodedTrees need to know of the voxels of a volume (mostly a tile, see VoxelWords): not the values of
/// their channels but the codes of these (see ThresholdCodes), half as large, in the order in which trees ask
/// for them:
///
///     codes[word / words_together][channel][word % words_together][lane]
///
/// Rows of channels are handed in one at a time, in any order, and need not be kept. Made once and used for
/// one volume after the other. Not for several threads at a time.
class VoxelCodes {
 public:
  /// \param trees  Kept alive. Where they are not coded only `live` is of use.
  explicit VoxelCodes(std::shared_ptr<const CodedTrees> trees) : trees_(std::move(trees)) {}

  /// The next volume is coded for other trees.
  void use_for(std::shared_ptr<const CodedTrees> trees) { trees_ = std::move(trees); }

  /// Whether some node asks for a channel of the forest. One that none asks for counts for NaN only.
  bool asks_for(std::size_t channel) const { return place_of(channel).has_value(); }

  /// Starts a new volume; all earlier codes are discarded. Allocates only where the volume is larger than
  /// those before.
  /// \pre No axis of `extent` is 0.
  /// \throws std::bad_alloc
  void begin(const Extent& extent, Alike alike);

  /// Hands in a part of a row of one channel. Each voxel of each channel is handed in once before codes are
  /// read; channels that no node asks for may be left out where none of their values is NaN.
  ///
  /// \param channel  Of the forest.
  /// \param begin    The first voxel; the row goes on along x, within the volume.
  void add_row(std::size_t channel, const LocalVoxel& begin, std::span<const float> values);

  const VoxelWords& words() const { return words_; }
  /// [word] a mask of the voxels that are inside the volume and have no NaN in any channel.
  std::span<const std::uint64_t> live() const { return live_; }
  /// Codes of this word and the following ones, as LaneMasks::walk wants them.
  /// \pre `word` is a multiple of words_together.
  const std::int16_t* of_words(std::size_t word) const;

  /// Bytes that codes of a volume take, for trees that ask for so many channels.
  static std::size_t bytes(std::size_t channels, const Extent& extent, Alike alike);

 private:
  std::optional<std::size_t> place_of(std::size_t channel) const;
  void drop_nan(const LocalVoxel& begin, std::span<const float> values);
  void place_row(std::size_t channel, const LocalVoxel& begin, std::int64_t voxels);

  std::shared_ptr<const CodedTrees> trees_;
  VoxelWords words_;
  std::vector<std::uint64_t> live_;
  hwy::AlignedFreeUniquePtr<std::int16_t[]> codes_;  // see of_words
  std::size_t room_ = 0;                             // how many codes there is room for
  std::vector<std::int16_t> row_;                    // codes of the row that is handed in, in whole words
};

}  // namespace cleft::forest
