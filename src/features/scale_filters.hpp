#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "features/derivatives.hpp"
#include "features/feature_set.hpp"
#include "features/region.hpp"

namespace cleft {

/// Where one feature of a tile goes: one view per channel, of the tile's extent.
struct FeatureOutput {
  FeatureKind kind = FeatureKind::gaussian_smoothing;
  std::array<View3<float>, 3> channels;  ///< as many as the feature has
};

/// The filters of one scale: from the presmoothed image to channels. Works tile by tile, so that the many
/// small passes of a tile stay in cache.
class ScaleFilters {
 public:
  ScaleFilters(const Scale& scale, StructureTensor dialect);

  /// \param smoothed  The presmoothed image; covers the tile and what the filters reach beyond it, cut off at
  ///                  `limits`.
  /// \param tile      What to compute.
  /// \param limits    Extent of the padded block; values are reflected at its edges.
  /// \param outputs   The features wanted, each kind at most once.
  /// \param arena     What is taken from it is given back on return.
  /// \pre             The tile is at most `tile_extent` on every axis; the arena has room for tile_floats of
  ///                  the outputs' kinds.
  void run(const Patch& smoothed, const Region& tile, const Extent& limits,
           std::span<const FeatureOutput> outputs, Arena& arena) const;

  static constexpr Extent tile_extent{8, 16, 128};
  /// Floats that run takes from its arena for these features of a whole tile away from the edges; never more.
  /// \param kinds  Each at most once.
  std::int64_t tile_floats(std::span<const FeatureKind> kinds) const;

 private:
  struct Job;

  std::int64_t tensor_floats() const;
  /// Whether these are VIGRA's filters.
  bool vigra() const { return smoothing_.has_value(); }

  std::vector<int> axes_;  // filtered: x, y, z
  SeparableKernels derivatives_, narrow_, tensor_derivatives_, tensor_averaging_;
  std::optional<SeparableKernels> smoothing_;  // VIGRA smooths in another arithmetic than it differentiates
};

}  // namespace cleft
