#include "features/streams/row_stream.hpp"

#include <algorithm>

#include "base/narrow.hpp"
#include "features/convolve.hpp"
#include "features/passes/row_passes.hpp"

namespace cleft {
namespace {

/// Space before an input row, so that its voxels stand as the rows made of it: at multiples of the vector
/// size.
constexpr std::int64_t lead = 16;
static_assert(lead >= KernelSet::largest_radius);

Extent input_extent(const StreamPasses& passes, const Extent& region) {
  return {passes.inputs, 1, lead + region.x + passes.reach.x};
}
Extent after_x_extent(const StreamPasses& passes, const Extent& region) {
  return {2 * passes.reach.y + 1, passes.images_x, region.x};
}
Extent after_y_extent(const StreamPasses& passes, const Extent& region) {
  return {region.y, (2 * passes.reach.z + 1) * passes.images_y, region.x};
}

/// Rows of the images that a pass makes, by order.
/// \param made  The row of image 0.
std::array<float*, KernelSet::order_count> targets_of(const PassOverImage& pass, float* made,
                                                      std::int64_t image_stride) {
  std::array<float*, KernelSet::order_count> rows{};
  for (std::size_t order = 0; order < rows.size(); ++order)
    if (pass.target[order] >= 0) rows[order] = made + pass.target[order] * image_stride;
  return rows;
}

}  // namespace

RowStream::RowStream(const StreamPasses& passes, const Region& region, const Extent& limits, Arena& arena)
    : passes_(passes),
      region_(region),
      needed_(grown(region, passes.reach, limits)),
      limits_(limits),
      slots_y_(2 * passes.reach.y + 1),
      slots_z_(2 * passes.reach.z + 1),
      inputs_(arena.take(input_extent(passes, region.extent))),
      after_x_(arena.take(after_x_extent(passes, region.extent))),
      after_y_(arena.take(after_y_extent(passes, region.extent))),
      sections_(needed_.begin.z),
      rows_(needed_.begin.y),
      filtered_(region.begin.y),
      next_z_(region.begin.z),
      next_y_(region.begin.y) {}

std::int64_t RowStream::floats(const StreamPasses& passes, const Extent& region) {
  return Arena::floats(input_extent(passes, region)) + Arena::floats(after_x_extent(passes, region)) +
         Arena::floats(after_y_extent(passes, region));
}

float* RowStream::input_row(int image) {
  return inputs_.row(image, 0) + lead + (needed_.begin.x - region_.begin.x);
}

float* RowStream::row_after_x(std::int64_t y) const {
  return after_x_.row(y % slots_y_, 0);
}

float* RowStream::row_after_y(std::int64_t z, std::int64_t y) const {
  return after_y_.row(y - region_.begin.y, (z % slots_z_) * passes_.images_y);
}

NeighbourRows RowStream::neighbours_in_y(std::int64_t y) const {
  NeighbourRows rows{.begin = {}, .image_stride = after_x_.stride_y()};
  for (std::int64_t k = 0; k < slots_y_; ++k)
    rows.begin[to_size(k)] = row_after_x(reflected(y + k - passes_.reach.y, limits_.y));
  return rows;
}

NeighbourRows RowStream::neighbours_in_z(std::int64_t z, std::int64_t y) const {
  NeighbourRows rows{.begin = {}, .image_stride = after_y_.stride_y()};
  for (std::int64_t k = 0; k < slots_z_; ++k)
    rows.begin[to_size(k)] = row_after_y(reflected(z + k - passes_.reach.z, limits_.z), y);
  return rows;
}

/// Makes the input rows long enough where the volume ends, and filters them.
void RowStream::pass_along_x(std::int64_t y) {
  const std::int64_t first = region_.begin.x, n = region_.extent.x;
  const std::int64_t begin = needed_.begin.x, end = begin + needed_.extent.x;
  for (int i = 0; i < passes_.inputs; ++i) {
    const auto voxel = [row = inputs_.row(i, 0), first](std::int64_t x) -> float& {
      return row[lead + x - first];
    };
    for (std::int64_t x = first - passes_.reach.x; x < begin; ++x) voxel(x) = voxel(reflected(x, limits_.x));
    for (std::int64_t x = end; x < first + n + passes_.reach.x; ++x)
      voxel(x) = voxel(reflected(x, limits_.x));
  }
  float* const made = row_after_x(y);
  for (const PassOverImage& pass : passes_.along_x) {
    std::array<const float*, 2 * KernelSet::largest_radius + 1> shifted{};
    const std::int64_t radius = pass.kernels->radius;
    for (std::int64_t k = 0; k <= 2 * radius; ++k)
      shifted[to_size(k)] = inputs_.row(pass.source, 0) + lead + k - radius;
    filter_row(*pass.kernels, shifted.data(), targets_of(pass, made, after_x_.stride_y()), n);
  }
}

void RowStream::pass_along_y(std::int64_t z, std::int64_t y) {
  const NeighbourRows rows = neighbours_in_y(y);
  float* const made = row_after_y(z, y);
  for (const PassOverImage& pass : passes_.along_y) {
    const std::int64_t skipped = passes_.reach.y - pass.kernels->radius;
    std::array<const float*, 2 * KernelSet::largest_radius + 1> in{};
    for (std::int64_t k = skipped; k < slots_y_ - skipped; ++k)
      in[to_size(k - skipped)] = rows.begin[to_size(k)] + pass.source * rows.image_stride;
    // Rows of consecutive images lie one behind the other, in both rings at the same distance.
    const std::int64_t n = (pass.images - 1) * rows.image_stride + region_.extent.x;
    filter_row(*pass.kernels, in.data(), targets_of(pass, made, after_y_.stride_y()), n);
  }
}

void RowStream::push(std::int64_t z, std::int64_t y) {
  const std::int64_t end = needed_.begin.y + needed_.extent.y;
  if (y == needed_.begin.y) filtered_ = region_.begin.y;
  pass_along_x(y);
  rows_ = y + 1;
  if (!passes_.ends_with_y)
    for (; filtered_ < region_.begin.y + region_.extent.y; ++filtered_) {
      if (rows_ < std::min(filtered_ + passes_.reach.y + 1, end)) break;
      pass_along_y(z, filtered_);
    }
  if (rows_ < end) return;
  sections_ = z + 1;
  rows_ = needed_.begin.y;
}

bool RowStream::is_ready() const {
  if (next_z_ >= region_.begin.z + region_.extent.z) return false;
  if (!passes_.ends_with_y)
    return sections_ >= std::min(next_z_ + passes_.reach.z + 1, needed_.begin.z + needed_.extent.z);
  return sections_ > next_z_ ||
         rows_ >= std::min(next_y_ + passes_.reach.y + 1, needed_.begin.y + needed_.extent.y);
}

bool RowStream::pop(Ready& ready) {
  if (!is_ready()) return false;
  ready.z = next_z_;
  ready.y = next_y_;
  ready.neighbours = passes_.ends_with_y ? neighbours_in_y(next_y_) : neighbours_in_z(next_z_, next_y_);
  if (++next_y_ < region_.begin.y + region_.extent.y) return true;
  next_y_ = region_.begin.y;
  ++next_z_;
  return true;
}

}  // namespace cleft
