#include "features/set/scale_filters.hpp"

#include <algorithm>

#include "features/tuning.hpp"

namespace cleft::features {
namespace {

std::variant<StreamedFilters, VigraFilters> filters_of(const Scale& scale, FilterDialect dialect) {
  if (dialect == FilterDialect::ilastik_1_2) return VigraFilters(scale);
  return StreamedFilters(scale);
}

/// Length of the tiles that an axis is cut into: at most `max`, and as even as multiples of `unit` allow.
std::int64_t tile_length(std::int64_t length, std::int64_t max, std::int64_t unit) {
  const std::int64_t count = std::max<std::int64_t>((length + max - 1) / max, 1);
  const std::int64_t even = (length + count - 1) / count;
  return std::min(length, (even + unit - 1) / unit * unit);
}

}  // namespace

ScaleFilters::ScaleFilters(const Scale& scale, FilterDialect dialect)
    : sections_alone_(scale.is_2d() && dialect == FilterDialect::ilastik),
      filters_(filters_of(scale, dialect)) {}

Patch ScaleFilters::prepare(View3<const float> padded, const LocalBox& region, Arena& arena) const {
  return std::visit([&](const auto& filters) { return filters.prepare(padded, region, arena); }, filters_);
}

std::int64_t ScaleFilters::prepared_floats(const Extent& region) const {
  return std::visit([&](const auto& filters) { return filters.prepared_floats(region); }, filters_);
}

std::int64_t ScaleFilters::prepare_floats(const Extent& region) const {
  return std::visit([&](const auto& filters) { return filters.prepare_floats(region); }, filters_);
}

void ScaleFilters::run(const Patch& prepared, const LocalBox& tile, const Extent& limits,
                       std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const {
  std::visit([&](const auto& filters) { filters.run(prepared, tile, limits, outputs, sink, arena); },
             filters_);
}

Extent ScaleFilters::tile_extent(const Extent& box) const {
  // Without a pass along z a stream keeps only a few rows, however many a tile has.
  const std::int64_t rows = sections_alone_ ? box.y : tile_length(box.y, tuning::tile_rows, 1);
  return {box.z, rows, tile_length(box.x, tuning::tile_columns, tuning::vector_floats)};
}

std::int64_t ScaleFilters::tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const {
  return std::visit([&](const auto& filters) { return filters.tile_floats(kinds, tile); }, filters_);
}

}  // namespace cleft::features
