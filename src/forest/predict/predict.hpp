#pragma once

#include <cstddef>
#include <span>

#include "base/array3.hpp"
#include "forest/forest.hpp"
#include "forest/predict/packed_forest.hpp"
#include "forest/predict/voxel_codes.hpp"

namespace cleft {

/// Class probabilities of `count` voxels, by the definition: for each voxel the leaf fractions of all trees
/// are added in tree order in float32, and divided by the sum of the leaves' weights (the number of trees
/// where leaves have none). Where there are several forests each is averaged so, and their probabilities are
/// averaged, weighted by their numbers of trees: in float32 and in the order of ilastik's classifier. A voxel
/// with a NaN channel gets probability 0 for every class. Plain and slow: the reference that Predictor is
/// compared with.
///
/// \param channels       One pointer per channel of the forest, to `count` values each.
/// \param probabilities  One pointer per class, to `count` values to be written; they overlap no channel.
/// \pre validate() passes for the forest.
void predict_reference(const Forest& forest, std::span<const float* const> channels, std::size_t count,
                       std::span<float* const> probabilities);

/// Predicts many voxels with one forest, bit-equal to predict_reference. Made once per forest; may be used by
/// several threads at a time.
///
/// 64 neighbouring voxels go through a tree together, as a mask of those that have come to a node: see
/// LaneMasks.
class Predictor {
 public:
  /// \pre validate() passes for the forest, which outlives the Predictor.
  explicit Predictor(const Forest& forest) : packed_(forest) {}

  /// As predict_reference, for the voxels of a volume. Allocates nothing per voxel.
  ///
  /// \param channels       One per channel of the forest, all of one extent.
  /// \param probabilities  One per class, of the same extent; they overlap no channel. A view of nothing
  ///                       (View3's default) where a class is not wanted.
  /// \param alike          Makes no difference to the result, but to the time it takes.
  void predict(std::span<const View3<const float>> channels, std::span<const View3<float>> probabilities,
               Alike alike) const;

  /// The same for `count` voxels of which nothing is known.
  /// \pre channels.size() == forest.channel_count, probabilities.size() == forest.class_count; `count` values
  ///      behind each pointer.
  void predict(std::span<const float* const> channels, std::size_t count,
               std::span<float* const> probabilities) const;

  /// Whether one set of codes tells enough of voxels. Only forests with more than 65535 thresholds of a
  /// channel, more than 65536 leaves of a tree or more than 256 channels need more.
  bool codes_suffice() const;
  /// The same from counts that are quickly taken; false also for some forests of which it is true.
  static bool surely_codes_suffice(const Forest& forest);
  /// For channels that are never there as a whole: hand in the rows as they are computed. Of use only where
  /// codes_suffice(); they refer to what the Predictor holds, also when it has been moved.
  VoxelCodes codes() const { return VoxelCodes(packed_.groups.front()); }
  /// \param codes  Made by this Predictor, of all channels of a volume.
  /// \param probabilities  As above, of the volume's extent.
  /// \pre codes_suffice()
  void predict(const VoxelCodes& codes, std::span<const View3<float>> probabilities) const;

  /// Bytes that predict allocates, whatever the volume's extent.
  static std::size_t working_bytes(const Forest& forest);

 private:
  PackedForest packed_;
};

}  // namespace cleft
