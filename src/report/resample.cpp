#include "report/resample.hpp"

#include <algorithm>
#include <cmath>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// Calls add(pixel, share) for each of the `pixels` equal parts of `voxels` voxels that voxel number `voxel`
/// shares something with; the shares of a pixel's voxels add up to 1. Everything is counted in parts of
/// 1 / (voxels pixels) of the whole, so that borders are exact.
template <class Add>
void for_each_share(std::int64_t voxel, std::int64_t voxels, std::int64_t pixels, const Add& add) {
  const std::int64_t begin = voxel * pixels, end = begin + pixels;
  for (std::int64_t pixel = begin / voxels; pixel < pixels && pixel * voxels < end; ++pixel) {
    const std::int64_t shared = std::min(end, (pixel + 1) * voxels) - std::max(begin, pixel * voxels);
    add(pixel, narrow<double>(shared) / narrow<double>(voxels));
  }
}

}  // namespace

Resampler::Resampler(std::int64_t rows, std::int64_t columns, std::int64_t height, std::int64_t width)
    : rows_(rows),
      columns_(columns),
      height_(height),
      width_(width),
      sums_(to_size(height * width)),
      line_(to_size(width)) {}

void Resampler::add_row(std::span<const float> values) {
  std::fill(line_.begin(), line_.end(), 0.0);
  for (std::int64_t column = 0; column < columns_; ++column) {
    const float value = values[to_size(column)];
    if (std::isnan(value)) continue;
    for_each_share(column, columns_, width_,
                   [&](std::int64_t pixel, double share) { line_[to_size(pixel)] += share * value; });
  }
  for_each_share(next_, rows_, height_, [&](std::int64_t pixel, double share) {
    double* const sums = sums_.data() + pixel * width_;
    for (std::int64_t column = 0; column < width_; ++column) sums[column] += share * line_[to_size(column)];
  });
  ++next_;
}

std::vector<float> Resampler::picture() const {
  std::vector<float> values(sums_.size());
  std::transform(sums_.begin(), sums_.end(), values.begin(),
                 [](double sum) { return static_cast<float>(sum); });
  return values;
}

}  // namespace cleft
