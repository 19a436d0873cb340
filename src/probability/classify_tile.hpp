#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/array3.hpp"
#include "features/set/feature_set.hpp"
#include "forest/predict/forest_voter.hpp"

namespace cleft {

/// Features and the forest that was trained on them: one stage of a classifier. Shares ownership of both, so
/// that a model can be replaced while another thread still classifies with the old one.
struct ClassifierStage {
  /// \pre Neither is null; validate() passes for the forest.
  ClassifierStage(std::shared_ptr<const FeatureSet> of_features, std::shared_ptr<const Forest> of_forest);

  std::shared_ptr<const FeatureSet> features;
  std::shared_ptr<const Forest> forest;
  /// Whether a tile's channels are kept as the forest's 16-bit codes (ThresholdCodes), in half the memory.
  bool coded;
};

/// Memory that a thread uses for one tile after the other: allocating it anew each time would cost more than
/// filling it. Made by the TileClassifier that it is used with.
struct Scratch {
  VoxelCodes codes;
  Array3<float> channels;  ///< the rows that are being computed; where codes do not suffice, all channels
};

/// Turns tiles of a padded block into class probabilities: computes all channels of a tile, then lets the
/// forest vote on its voxels. Values are bit-identical for any way of cutting a block into tiles. May be used
/// by several threads at a time, each with its own Scratch. Shares ownership of the stage's features and
/// forest. Not collective.
class TileClassifier {
 public:
  /// \throws InternalError when the forest has another number of channels than the features.
  explicit TileClassifier(ClassifierStage stage);

  const FeatureSet& features() const { return *stage_.features; }
  std::size_t class_count() const { return class_count_; }

  /// \param padded   [image channel] grey values, axes z, y, x: the tile and what lies features().halo()
  ///                 around it, cut off at the volume's edge; may be more.
  /// \param begin    Where the tile begins in `padded`.
  /// \param classes  Which classes are wanted.
  /// \param probabilities  [wanted class] each of the tile's extent, to be written with values in [0, 1].
  /// \param scratch  Of one thread; grows with the tiles.
  /// \throws std::bad_alloc
  void classify(std::span<const View3<const float>> padded, const LocalVoxel& begin,
                std::span<const std::size_t> classes, std::span<const View3<float>> probabilities,
                Scratch& scratch) const;

  Scratch scratch() const { return {voter_.codes(), {}}; }

  /// Bytes that classify and its scratch take for a tile of this extent.
  static std::int64_t working_bytes(const ClassifierStage& stage, const Extent& tile);

 private:
  void compute(std::span<const View3<const float>> padded, const LocalVoxel& begin, const Extent& extent,
               std::span<const View3<float>> probabilities, Scratch& scratch) const;
  std::vector<float> probabilities_of_constant(const std::vector<float>& grey) const;

  ClassifierStage stage_;
  std::size_t class_count_;
  ForestVoter voter_;

  /// Class probabilities where each channel of the image has one value, by those values.
  struct Constants {
    std::mutex mutex;
    std::map<std::vector<float>, std::vector<float>> probabilities;
  };
  std::unique_ptr<Constants> constants_ = std::make_unique<Constants>();
};

/// A box of an array, grown by `margin` on every side and cut off at the array's ends; in voxels of the
/// array.
/// \param begin, extent  The box: its first voxel, and how large it is.
/// \param padded         Extent of the array.
Box around(const LocalVoxel& begin, const Extent& extent, const Extent& margin, const Extent& padded);

}  // namespace cleft
