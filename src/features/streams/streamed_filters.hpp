#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "features/arena.hpp"
#include "features/feature_output.hpp"
#include "features/passes/derivatives.hpp"
#include "features/patch.hpp"
#include "features/streams/channel_streams.hpp"
#include "features/streams/stream_plan.hpp"

namespace cleft::features {

/// The filters of one scale in the dialect `ilastik`. For a block, the image is smoothed along x and y. The
/// rest is done tile by tile: a few sections at a time are smoothed along z, and while they are still in
/// cache their rows stream through the passes that the features share.
class StreamedFilters {
 public:
  explicit StreamedFilters(const Scale& scale);

  /// Each as ScaleFilters says of the function of the same name.
  Patch prepare(View3<const float> padded, const LocalBox& region, Arena& arena) const;
  std::int64_t prepared_floats(const Extent& region) const;
  std::int64_t prepare_floats(const Extent& region) const;
  void run(const Patch& prepared, const LocalBox& tile, const Extent& limits,
           std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const;
  std::int64_t tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const;

 private:
  bool smooths_along_z() const { return !along_z_.is_identity(); }
  Extent with_sections(const Extent& region) const { return region + Extent{2 * along_z_.radius(), 0, 0}; }
  StreamPlan derivative_plan(std::span<const FeatureKind> kinds) const;
  TensorStream::Plan tensor_plan() const;
  std::int64_t slab_floats(const Extent& around) const;

  std::vector<int> axes_;  // filtered: x, y, z
  SeparableKernels in_sections_;
  Kernel along_z_;
  AxisKernels kernels_, narrow_, slope_kernels_, averaging_kernels_;
};

}  // namespace cleft::features
