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

/// Features and the forest that was trained on them. Both outlive it.
struct ClassifierStage {
  const FeatureSet* features = nullptr;
  const Forest* forest = nullptr;
};

/// Turns a padded block of an image into the class probabilities of its core: features, then the forest. Of
/// several stages (ilastik's autocontext) each but the first works on the image followed by one channel per
/// class of the stage before, whose values are 255 p without their fraction. Values are bit-identical for any
/// way of cutting the volume into blocks.
class BlockClassifier {
 public:
  /// Keeps what the stages refer to.
  /// \throws InternalError when a forest has another number of channels than its features, or features are of
  ///         another number of image channels than their stage sees.
  explicit BlockClassifier(std::span<const ClassifierStage> stages);

  /// \param padded      One per channel of the image: the core and its halo (see halo), cut off at the
  ///                    volume's edge.
  /// \param core_begin  Where the core begins in `padded`.
  /// \param core        Extent of the core.
  /// \returns           One array per class of the last stage, each of the core's extent, values in [0, 1].
  /// \throws std::bad_alloc
  std::vector<Array3<float>> classify(std::span<const View3<const float>> padded,
                                      const LocalVoxel& core_begin, const Extent& core);

  /// How far around a block the stages together look.
  static Extent halo(std::span<const ClassifierStage> stages);

  /// Bytes that classify needs for a core of this extent, its result included.
  static std::int64_t working_bytes(std::span<const ClassifierStage> stages, const Extent& core);

 private:
  struct Stage {
    const FeatureSet* features;
    int class_count;
    Predictor predictor;
  };

  std::vector<Array3<float>> run_stages(std::size_t stage_count, std::span<const View3<const float>> padded,
                                        const LocalVoxel& core_begin, const Extent& core) const;
  static std::vector<Array3<float>> run(const Stage& stage, std::span<const View3<const float>> padded,
                                        const LocalVoxel& core_begin, const Extent& core);
  const std::vector<float>& probabilities_of_constant(const std::vector<float>& grey);

  std::vector<Stage> stages_;
  Extent halo_;
  /// Class probabilities in a block of one grey value per channel, by those values.
  std::map<std::vector<float>, std::vector<float>> of_constant_;
};

/// A probability as it is stored in uint8: round(255 p).
/// \pre 0 <= p <= 1
inline std::uint8_t stored_probability_byte(float p) {
  return static_cast<std::uint8_t>(std::lround(255.0F * p));
}

}  // namespace cleft
