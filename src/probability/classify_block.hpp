#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/array3.hpp"
#include "features/feature_set.hpp"
#include "forest/predict.hpp"

namespace cleft {

/// Turns a padded block of grey values into the class probabilities of its core: features, then the forest.
/// Values are bit-identical for any way of cutting the volume into blocks.
class BlockClassifier {
 public:
  /// Keeps references: both must outlive it.
  /// \throws InternalError when the forest has another number of channels than the features.
  BlockClassifier(const FeatureSet& features, const Forest& forest);

  /// \param padded      Grey values of the core and its halo (features.halo()), cut off at the volume's edge.
  /// \param core_begin  Where the core begins in `padded`.
  /// \param core        Extent of the core.
  /// \returns           One array per class, each of the core's extent, values in [0, 1].
  /// \throws std::bad_alloc
  std::vector<Array3<float>> classify(const View3<const float>& padded, const LocalVoxel& core_begin,
                                      const Extent& core);

  /// Bytes that classify needs for a core of this extent, its result included.
  static std::int64_t working_bytes(const FeatureSet& features, int class_count, const Extent& core);

 private:
  std::vector<Array3<float>> compute(const View3<const float>& padded, const LocalVoxel& core_begin,
                                     const Extent& core) const;
  const std::vector<float>& probabilities_of_constant(float grey);

  const FeatureSet& features_;
  int class_count_;
  Predictor predictor_;
  /// Class probabilities in a block of one grey value, by that value.
  std::map<float, std::vector<float>> of_constant_;
};

/// A probability as it is stored in uint8: round(255 p).
/// \pre 0 <= p <= 1
inline std::uint8_t stored_probability_byte(float p) {
  return static_cast<std::uint8_t>(std::lround(255.0F * p));
}

}  // namespace cleft
