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

/// Features and the forest that was trained on them. Both outlive it.
struct ClassifierStage {
  ClassifierStage(const FeatureSet* of_features, const Forest* of_forest)
      : features(of_features), forest(of_forest), coded(ForestVoter::surely_codes_suffice(*of_forest)) {}

  const FeatureSet* features;
  const Forest* forest;
  bool coded;  ///< codes of channels are kept instead of channels, which takes less memory
};

/// What a thread works with, one piece after the other: allocating it anew each time would cost more than
/// filling it. Made by a PieceClassifier for itself.
struct Scratch {
  VoxelCodes codes;
  Array3<float> channels;  ///< rows that are being computed, or, where codes do not suffice, all of them
};

/// Turns pieces of a padded block into class probabilities: all channels of a piece, then the forest. Values
/// are bit-identical for any way of cutting into pieces. May be used by several threads at a time, each with
/// its own Scratch.
class PieceClassifier {
 public:
  /// \throws InternalError when the forest has another number of channels than the features.
  explicit PieceClassifier(const ClassifierStage& stage);

  const FeatureSet& features() const { return *features_; }
  std::size_t class_count() const { return class_count_; }

  /// \param padded   One per channel of the image: has what lies features().halo() around the piece, as far
  ///                 as the volume has it.
  /// \param begin    Where the piece begins in `padded`.
  /// \param classes  Which classes are wanted.
  /// \param probabilities  One per wanted class, each of the piece's extent, to be written.
  /// \param scratch  Of one thread; grows with the pieces.
  /// \throws std::bad_alloc
  void classify(std::span<const View3<const float>> padded, const LocalVoxel& begin,
                std::span<const std::size_t> classes, std::span<const View3<float>> probabilities,
                Scratch& scratch) const;

  Scratch scratch() const { return {voter_.codes(), {}}; }

  /// Bytes that classify and its scratch take for a piece of this extent.
  static std::int64_t working_bytes(const ClassifierStage& stage, const Extent& piece);

 private:
  void compute(std::span<const View3<const float>> padded, const LocalVoxel& begin, const Extent& extent,
               std::span<const View3<float>> probabilities, Scratch& scratch) const;
  std::vector<float> probabilities_of_constant(const std::vector<float>& grey) const;

  const FeatureSet* features_;
  std::size_t class_count_;
  ForestVoter voter_;

  /// Class probabilities where each channel of the image has one value, by those values.
  struct Constants {
    std::mutex mutex;
    std::map<std::vector<float>, std::vector<float>> probabilities;
  };
  std::unique_ptr<Constants> constants_ = std::make_unique<Constants>();
};

/// What lies `margin` around a part of a padded block that begins at `begin`, as far as the block has it.
Box around(const LocalVoxel& begin, const Extent& extent, const Extent& margin, const Extent& padded);

}  // namespace cleft
