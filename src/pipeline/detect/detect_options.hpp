#pragma once

#include <array>

#include "base/enum_words.hpp"
#include "pipeline/detect/input_identity.hpp"

namespace cleft {

/// Which of detect's stages to run. `all` does what is not done yet; `segment` works on the stored
/// probability alone and predicts nothing.
enum class DetectStages { all, predict, segment };

template <>
struct EnumWords<DetectStages> {
  static constexpr auto list = std::to_array<EnumWord<DetectStages>>(
      {{DetectStages::all, "all"}, {DetectStages::predict, "predict"}, {DetectStages::segment, "segment"}});
};

struct DetectOptions {
  DetectStages stages = DetectStages::all;
  /// Read and check all of what is done already; without it a large probability that is not needed any more
  /// is not read.
  bool verify = false;
  /// accept: what is there is gone on with although it was made from another volume or mask.
  OtherInput other_input = OtherInput::refuse;
};

}  // namespace cleft
