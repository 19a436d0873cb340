#include "features/channel_streams.hpp"

#include <algorithm>

#include "features/row_passes.hpp"

namespace cleft {

DerivativeStream::DerivativeStream(const StreamPlan& plan, std::span<const FeatureOutput> outputs,
                                   const Region& tile, const Extent& limits, Arena& arena)
    : plan_(plan), outputs_(outputs), tile_(tile), stream_(plan.passes, tile, limits, arena) {}

std::int64_t DerivativeStream::floats(const StreamPlan& plan, const Extent& tile) {
  return RowStream::floats(plan.passes, tile);
}

/// \param z, y  In the tile.
DerivativeFeatures DerivativeStream::channel_rows(std::int64_t z, std::int64_t y) const {
  DerivativeFeatures rows;
  for (const FeatureOutput& output : outputs_) {
    float* const row = output.channels[0].row(z, y);
    switch (output.kind) {
      case FeatureKind::gaussian_smoothing:
        rows.smoothing = row;
        break;
      case FeatureKind::laplacian_of_gaussian:
        rows.laplacian = row;
        break;
      case FeatureKind::gaussian_gradient_magnitude:
        rows.gradient_magnitude = row;
        break;
      case FeatureKind::difference_of_gaussians:
        rows.difference = row;
        break;
      case FeatureKind::hessian_of_gaussian_eigenvalues:
        for (std::size_t i = 0; i < 3; ++i) rows.hessian[i] = output.channels[i].row(z, y);
        break;
      case FeatureKind::structure_tensor_eigenvalues:
        break;
    }
  }
  return rows;
}

void DerivativeStream::push(std::int64_t z, std::int64_t y, const float* row) {
  std::copy_n(row, needed().extent.x, stream_.input_row(0));
  stream_.push(z, y);
  for (RowStream::Ready ready; stream_.pop(ready);)
    finish_derivatives(plan_.last, ready.neighbours,
                       channel_rows(ready.z - tile_.begin.z, ready.y - tile_.begin.y), tile_.extent.x);
}

TensorStream::TensorStream(const Plan& plan, const FeatureOutput& output, const Region& tile,
                           const Extent& limits, Arena& arena)
    : plan_(plan),
      output_(output),
      tile_(tile),
      averaging_(plan.averaging, tile, limits, arena),
      slopes_(plan.slopes.passes, averaging_.needed(), limits, arena),
      eigenvalues_(static_cast<std::size_t>(plan.slopes.last.axes)) {
  for (int i = 0; i < plan.averaging.inputs; ++i) products_.push_back(averaging_.input_row(i));
}

std::int64_t TensorStream::floats(const Plan& plan, const Extent& tile) {
  return RowStream::floats(plan.averaging, tile) +
         RowStream::floats(plan.slopes.passes, tile + 2 * plan.averaging.reach);
}

void TensorStream::push(std::int64_t z, std::int64_t y, const float* row) {
  std::copy_n(row, needed().extent.x, slopes_.input_row(0));
  slopes_.push(z, y);
  for (RowStream::Ready slope; slopes_.pop(slope);) push_products(slope);
}

void TensorStream::push_products(const RowStream::Ready& slope) {
  finish_slope_products(plan_.slopes.last, slope.neighbours, products_, averaging_.needed().extent.x);
  averaging_.push(slope.z, slope.y);
  for (RowStream::Ready entry; averaging_.pop(entry);) {
    for (std::size_t i = 0; i < eigenvalues_.size(); ++i)
      eigenvalues_[i] = output_.channels[i].row(entry.z - tile_.begin.z, entry.y - tile_.begin.y);
    finish_tensor(*plan_.last, entry.neighbours, eigenvalues_, tile_.extent.x);
  }
}

}  // namespace cleft
