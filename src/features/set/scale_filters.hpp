#pragma once

#include <cstdint>
#include <span>
#include <variant>

#include "features/arena.hpp"
#include "features/feature_output.hpp"
#include "features/passes/vigra_filters.hpp"
#include "features/patch.hpp"
#include "features/streams/streamed_filters.hpp"

namespace cleft::features {

/// The filters of one scale: from a block's grey values to channels. Works tile by tile, so that what passes
/// leave to the next ones stays in cache.
class ScaleFilters {
 public:
  ScaleFilters(const Scale& scale, FilterDialect dialect);

  /// Smooths what the filters need of a block, as far as that is best done for a whole block.
  /// \param padded  The block's grey values; reflected at its edges.
  /// \param region  What `run` needs of the smoothed image: the core grown by the filters' reach, cut off at
  ///                the edges.
  /// \param arena   Keeps the result.
  Patch prepare(View3<const float> padded, const LocalBox& region, Arena& arena) const;
  /// Floats that the result takes, and that prepare takes with it included, for a region of this extent.
  std::int64_t prepared_floats(const Extent& region) const;
  std::int64_t prepare_floats(const Extent& region) const;

  /// \param prepared  What `prepare` made for a region that has all that is needed around the tile.
  /// \param tile      What to compute.
  /// \param limits    Extent of the padded block; values are reflected at its edges.
  /// \param outputs   The features wanted, each kind at most once.
  /// \param sink      Is given their rows, in z, y order, as voxels of the padded block.
  /// \param arena     What is taken from it is given back on return; has room for tile_floats of the outputs'
  ///                  kinds and the tile's extent.
  void run(const Patch& prepared, const LocalBox& tile, const Extent& limits,
           std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const;

  /// Into which tiles a core is best cut: all of this extent but the last ones in y and x, which may be
  /// smaller.
  Extent tile_extent(const Extent& core) const;
  /// Floats that run takes from its arena for these features of such a tile away from the edges; never more,
  /// nor for a smaller one.
  /// \param kinds  Each at most once.
  std::int64_t tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const;

 private:
  bool sections_alone_ = false;
  std::variant<StreamedFilters, VigraFilters> filters_;
};

}  // namespace cleft::features
