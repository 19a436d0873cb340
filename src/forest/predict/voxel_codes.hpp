#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hwy/aligned_allocator.h>

#include "base/array3.hpp"
#include "forest/predict/packed_trees.hpp"
#include "forest/predict/voxel_words.hpp"

namespace cleft {

/// What a group of a forest's trees needs to know of the voxels of a volume: instead of their channels'
/// values the codes of these (see ThresholdCodes), half as large, in the order in which trees ask for them.
/// Rows of channels are handed in in any order and forgotten. Made once and used for one volume after the
/// other.
class VoxelCodes {
 public:
  /// \param group  Stays where it is as long as the codes are used. Of one that is not packed only `live` is
  ///               of use.
  explicit VoxelCodes(const PackedGroup& group) : group_(&group) {}

  /// The next volume is coded for another group.
  void use_for(const PackedGroup& group) { group_ = &group; }

  /// Begins with a volume of which nothing is known. Allocates only where it is larger than those before.
  /// \pre No axis of `extent` is 0.
  /// \throws std::bad_alloc
  void begin(const Extent& extent, Alike alike);

  /// Hands in a part of a row of one channel; each voxel of each channel once before codes are read.
  /// \param channel  Of the forest, asked for by the group or not.
  /// \param begin    The first voxel; the row goes on along x, within the volume.
  void add_row(std::size_t channel, const LocalVoxel& begin, std::span<const float> values);

  const VoxelWords& words() const { return words_; }
  /// [word] voxels that are inside the volume and have no NaN in any channel.
  std::span<const std::uint64_t> live() const { return live_; }
  /// Codes of this word and the following ones, in the order that LaneMasks asks for.
  /// \pre `word` is a multiple of LaneMasks::words_together.
  const std::int16_t* of_words(std::size_t word) const;

  /// Bytes that codes of a volume take, for a group that asks for so many channels.
  static std::size_t bytes(std::size_t channels, const Extent& extent, Alike alike);

 private:
  void drop_nan(const LocalVoxel& begin, std::span<const float> values);
  void place_row(std::size_t channel, const LocalVoxel& begin, std::int64_t voxels);

  const PackedGroup* group_;
  VoxelWords words_;
  std::vector<std::uint64_t> live_;
  hwy::AlignedFreeUniquePtr<std::int16_t[]> codes_;  // see of_words
  std::size_t room_ = 0;                             // how many codes there is room for
  std::vector<std::int16_t> row_;                    // codes of the row that is handed in, in whole words
};

}  // namespace cleft
