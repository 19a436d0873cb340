#pragma once

namespace cleft {

/// Which of detect's stages to run. `all` does what is not done yet; `segment` works on the stored
/// probability alone and predicts nothing.
enum class DetectStages { all, predict, segment };

}  // namespace cleft
