#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "features/arena.hpp"
#include "features/feature_output.hpp"
#include "features/passes/derivatives.hpp"
#include "features/patch.hpp"

namespace cleft::features {

/// The filters of one scale in the dialect `ilastik_1_2`, rounded as VIGRA rounds. A tile is filtered in
/// slabs of sections, so small that what one pass makes is still in cache for the next.
class VigraFilters {
 public:
  explicit VigraFilters(const Scale& scale);

  /// Each as ScaleFilters says of the function of the same name.
  Patch prepare(View3<const float> padded, const LocalBox& region, Arena& arena) const;
  std::int64_t prepared_floats(const Extent& region) const { return Arena::floats(region); }
  std::int64_t prepare_floats(const Extent& region) const;
  void run(const Patch& smoothed, const LocalBox& tile, const Extent& limits,
           std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const;
  std::int64_t tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const;

 private:
  struct Job;
  struct FeatureImages;

  void run_slab(const Patch& smoothed, const LocalBox& slab, const Extent& limits,
                std::span<const FeatureImages> features, Arena& arena) const;
  std::int64_t tensor_floats(const Extent& slab) const;

  std::vector<int> axes_;  // filtered: x, y, z
  SeparableKernels presmoothing_, derivatives_, narrow_, tensor_derivatives_, tensor_averaging_;
  SeparableKernels smoothing_;  // VIGRA smooths in another arithmetic than it differentiates
};

}  // namespace cleft::features
