#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/array3.hpp"
#include "forest/forest.hpp"
#include "forest/predict/voxel_codes.hpp"

namespace cleft {

namespace forest {
struct PackedForest;
}
using forest::Alike;
using forest::VoxelCodes;

/// Class probabilities of `count` voxels, by the definition: for each voxel the leaf fractions of all trees
/// are added in tree order in float32, and divided by the sum of the leaves' weights (the number of trees
/// where leaves have none). Where there are several sub-forests each is averaged so, and their probabilities
/// are averaged, weighted by their numbers of trees: in float32 and in the order of ilastik's classifier. A
/// voxel with a NaN channel gets probability 0 for every class. Plain and slow: the reference that
/// ForestVoter is compared with.
///
/// \param channels       One pointer per channel of the forest, to `count` values each.
/// \param probabilities  One pointer per class, to `count` values to be written; they overlap no channel.
/// \pre validate() passes for the forest.
void vote_reference(const Forest& forest, std::span<const float* const> channels, std::size_t count,
                    std::span<float* const> probabilities);

/// Lets a forest vote on many voxels, bit-equal to vote_reference. Made once per forest, of which it keeps a
/// packed copy: the forest itself is needed no more. May be used by several threads at a time. Copies share
/// the packed forest, and so do the codes that it makes.
///
/// 64 neighbouring voxels go through a tree together, as a mask of those that have come to a node: see
/// forest/predict/lane_masks.hpp. *Volume* here is any 3-D array of voxels that are voted on together, in
/// practice a tile.
class ForestVoter {
 public:
  /// \pre validate() passes for the forest.
  /// \throws std::bad_alloc
  explicit ForestVoter(const Forest& forest);

  /// As vote_reference, for the voxels of a volume. Allocates nothing per voxel.
  ///
  /// \param channels       One per channel of the forest, all of one extent.
  /// \param probabilities  One per class, of the same extent; they overlap no channel. An empty view (View3's
  ///                       default) for a class that is not needed.
  /// \param alike          Which voxels are most alike: decides how long it takes, not the result.
  /// \throws std::bad_alloc
  void vote(std::span<const View3<const float>> channels, std::span<const View3<float>> probabilities,
            Alike alike) const;

  /// The same for `count` voxels in any order, of which none need be alike.
  /// \pre One channel per channel of the forest, one probability per class of it; `count` values behind each
  ///      pointer.
  /// \throws std::bad_alloc
  void vote(std::span<const float* const> channels, std::size_t count,
            std::span<float* const> probabilities) const;

  /// Whether the forest can vote on one set of codes alone. It cannot if it has more than 65535 thresholds of
  /// a channel, more than 65536 leaves of a tree or more than 256 channels.
  bool codes_suffice() const;
  /// A quick test without a ForestVoter, by counts alone: true only where codes_suffice, but false also for
  /// some forests that it is true of.
  /// \pre validate() passes for the forest.
  static bool surely_codes_suffice(const Forest& forest);

  /// For channels that are never there as a whole: hand their rows to these codes as they are computed. They
  /// outlive the ForestVoter if need be. Where codes do not suffice they are of no use.
  VoxelCodes codes() const;
  /// As above, from codes.
  /// \param codes          Made by this ForestVoter, of all channels of a volume.
  /// \param probabilities  As above, of the volume's extent.
  /// \pre codes_suffice()
  /// \throws std::bad_alloc
  void vote(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const;

  /// Bytes that vote allocates at most, whatever the volume's extent.
  static std::size_t working_bytes(const Forest& forest);

 private:
  std::shared_ptr<const forest::PackedForest> packed_;
};

}  // namespace cleft
