#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "forest/forest.hpp"

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
class Predictor {
 public:
  /// \pre validate() passes for the forest, which outlives the Predictor.
  explicit Predictor(const Forest& forest);

  /// As predict_reference. Allocates nothing per voxel.
  /// \pre channels.size() == forest.channel_count, probabilities.size() == forest.class_count; `count` values
  ///      behind each pointer.
  void predict(std::span<const float* const> channels, std::size_t count,
               std::span<float* const> probabilities) const;

 private:
  struct Node {
    float threshold;  // the least float not below the forest's double: the same answer for every float
    std::int32_t channel;
    std::array<std::int32_t, 2> children;  // left, right
  };
  class Block;

  const Forest& forest_;
  std::vector<Node> nodes_;  // as the forest's, each in one quarter of a cache line
};

}  // namespace cleft
