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

/// The filters of one scale: from a block's grey values to channels. Works tile by tile, so that what one
/// pass makes is still in cache for the next.
class ScaleFilters {
 public:
  ScaleFilters(const Scale& scale, FilterDialect dialect);

  /// Runs those presmoothing passes that are cheaper per block than per tile.
  /// \param padded  The padded block's grey values; reflected at its edges.
  /// \param region  What `run` needs of the smoothed image: the box to compute grown by the filters' reach,
  ///                cut off at the edges.
  /// \param arena   Holds the result, which stays in it.
  /// \throws        InternalError when the arena has too little room.
  Patch prepare(View3<const float> padded, const LocalBox& region, Arena& arena) const;
  /// Floats of the arena that the result of prepare takes, for a region of this extent.
  std::int64_t prepared_floats(const Extent& region) const;
  /// Floats that prepare needs while it runs, its result included.
  std::int64_t prepare_floats(const Extent& region) const;

  /// Computes features of a tile.
  /// \param prepared  What `prepare` made for a region that holds the tile grown by the filters' reach.
  /// \param tile      A box of the padded block.
  /// \param limits    Extent of the padded block; values are reflected at its edges.
  /// \param outputs   The features wanted, each kind at most once.
  /// \param sink      Is given their rows, in z, y order, as voxels of the padded block.
  /// \param arena     Has room for tile_floats(kinds of the outputs, tile.extent()); all is released on
  ///                  return.
  /// \throws          InternalError when it has less.
  void run(const Patch& prepared, const LocalBox& tile, const Extent& limits,
           std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const;

  /// Extent of the tiles into which a box is best cut. The last ones in y and x may be smaller.
  Extent tile_extent(const Extent& box) const;
  /// Floats that run takes from its arena for these features of a tile of this extent, away from the edges.
  /// At an edge or for a smaller tile it takes no more.
  /// \param kinds  Each at most once.
  std::int64_t tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const;

 private:
  bool sections_alone_ = false;
  std::variant<StreamedFilters, VigraFilters> filters_;
};

}  // namespace cleft::features
