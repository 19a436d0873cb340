#include "features/set/scale_filters.hpp"

#include <algorithm>

namespace cleft {
namespace {

/// The width of a tile is best a multiple of the largest vector.
constexpr std::int64_t largest_vector = 16;
constexpr std::int64_t max_rows = 16, max_columns = 128;

std::variant<StreamedFilters, VigraFilters> filters_of(const Scale& scale, StructureTensor dialect) {
  if (dialect == StructureTensor::ilastik_1_2) return VigraFilters(scale);
  return StreamedFilters(scale);
}

/// Length of pieces that are as even as multiples of `unit` allow.
std::int64_t piece(std::int64_t length, std::int64_t most, std::int64_t unit) {
  const std::int64_t count = std::max<std::int64_t>((length + most - 1) / most, 1);
  const std::int64_t even = (length + count - 1) / count;
  return std::min(length, (even + unit - 1) / unit * unit);
}

}  // namespace

ScaleFilters::ScaleFilters(const Scale& scale, StructureTensor dialect)
    : sections_alone_(scale.is_2d() && dialect == StructureTensor::ilastik),
      filters_(filters_of(scale, dialect)) {}

Patch ScaleFilters::prepare(View3<const float> padded, const Region& region, Arena& arena) const {
  return std::visit([&](const auto& filters) { return filters.prepare(padded, region, arena); }, filters_);
}

std::int64_t ScaleFilters::prepared_floats(const Extent& region) const {
  return std::visit([&](const auto& filters) { return filters.prepared_floats(region); }, filters_);
}

std::int64_t ScaleFilters::prepare_floats(const Extent& region) const {
  return std::visit([&](const auto& filters) { return filters.prepare_floats(region); }, filters_);
}

void ScaleFilters::run(const Patch& prepared, const Region& tile, const Extent& limits,
                       std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const {
  std::visit([&](const auto& filters) { filters.run(prepared, tile, limits, outputs, sink, arena); },
             filters_);
}

Extent ScaleFilters::tile_extent(const Extent& core) const {
  // Without a pass along z a stream keeps but a few rows, however many a tile has.
  const std::int64_t rows = sections_alone_ ? core.y : piece(core.y, max_rows, 1);
  return {core.z, rows, piece(core.x, max_columns, largest_vector)};
}

std::int64_t ScaleFilters::tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const {
  return std::visit([&](const auto& filters) { return filters.tile_floats(kinds, tile); }, filters_);
}

}  // namespace cleft
