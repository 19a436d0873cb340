#include "features/streams/channel_streams.hpp"

#include <algorithm>

#include "base/narrow.hpp"
#include "features/passes/row_passes.hpp"

namespace cleft {

DerivativeStream::DerivativeStream(const StreamPlan& plan, std::span<const FeatureOutput> outputs,
                                   ChannelSink& sink, const Region& tile, const Extent& limits, Arena& arena)
    : plan_(plan), outputs_(outputs), sink_(sink), tile_(tile), stream_(plan.passes, tile, limits, arena) {}

std::int64_t DerivativeStream::floats(const StreamPlan& plan, const Extent& tile) {
  return RowStream::floats(plan.passes, tile);
}

DerivativeFeatures DerivativeStream::channel_rows(const LocalVoxel& begin) const {
  DerivativeFeatures rows;
  const auto room = [&](int channel) {
    return channel == FeatureOutput::none ? nullptr : sink_.room(channel, begin, tile_.extent.x);
  };
  for (const FeatureOutput& output : outputs_) {
    float* const row = room(output.channels[0]);
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
        rows.hessian = {row, room(output.channels[1]), room(output.channels[2])};
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
  for (RowStream::Ready ready; stream_.pop(ready);) {
    const LocalVoxel begin{ready.z, ready.y, tile_.begin.x};
    finish_derivatives(plan_.last, ready.neighbours, channel_rows(begin), tile_.extent.x);
    for_each_channel(outputs_, [&](int channel) { sink_.take(channel, begin, tile_.extent.x); });
  }
}

TensorStream::TensorStream(const Plan& plan, const FeatureOutput& output, ChannelSink& sink,
                           const Region& tile, const Extent& limits, Arena& arena)
    : plan_(plan),
      output_(output),
      sink_(sink),
      tile_(tile),
      averaging_(plan.averaging, tile, limits, arena),
      slopes_(plan.slopes.passes, averaging_.needed(), limits, arena),
      eigenvalues_(to_size(plan.slopes.last.axes)) {
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
    const LocalVoxel begin{entry.z, entry.y, tile_.begin.x};
    for (std::size_t i = 0; i < eigenvalues_.size(); ++i)
      eigenvalues_[i] = sink_.room(output_.channels[i], begin, tile_.extent.x);
    finish_tensor(*plan_.last, entry.neighbours, eigenvalues_, tile_.extent.x);
    for_each_channel({&output_, 1}, [&](int channel) { sink_.take(channel, begin, tile_.extent.x); });
  }
}

}  // namespace cleft
