#pragma once

#include <algorithm>

#include "base/array3.hpp"
#include "base/error.hpp"

namespace cleft {

/// A part of a padded block: where it begins there, and how large it is.
struct Region {
  LocalVoxel begin;
  Extent extent;
};

/// `region` with `margin` added on every side, then cut back to an array of extent `limits`.
constexpr Region grown(const Region& region, const Extent& margin, const Extent& limits) {
  const LocalVoxel low = region.begin - margin, high = region.begin + region.extent + margin;
  const LocalVoxel begin{std::max<std::int64_t>(low.z, 0), std::max<std::int64_t>(low.y, 0),
                         std::max<std::int64_t>(low.x, 0)};
  const LocalVoxel end{std::min(high.z, limits.z), std::min(high.y, limits.y), std::min(high.x, limits.x)};
  return {begin, end - begin};
}

/// Values for a region of a padded block.
struct Patch {
  View3<const float> values;
  LocalVoxel begin;  ///< where values(0, 0, 0) stands in the padded block

  /// Where `region` begins in `values`.
  LocalVoxel offset_of(const Region& region) const {
    const Extent d = region.begin - begin;
    return {d.z, d.y, d.x};
  }
  View3<const float> part(const Region& region) const {
    return values.part(offset_of(region), region.extent);
  }
};

/// Memory for a computation's temporary images: one allocation, handed out piece by piece and given back all
/// at once.
class Arena {
 public:
  /// Floats that an image of this extent takes: rows begin at multiples of the vector size.
  static constexpr std::int64_t floats(const Extent& extent) {
    return extent.z * extent.y * row_floats(extent.x);
  }

  explicit Arena(std::int64_t floats) : memory_(Array3<float>::uninitialized({1, 1, floats})) {}

  /// An image without values yet.
  /// \throws InternalError when there is no room left for it.
  View3<float> take(const Extent& extent) {
    if (used_ + floats(extent) > memory_.size()) throw InternalError("more temporary images than planned");
    float* data = memory_.data() + used_;
    used_ += floats(extent);
    return {data, extent, extent.y * row_floats(extent.x), row_floats(extent.x)};
  }
  std::int64_t used() const { return used_; }
  /// Gives back everything taken since used() was `mark`.
  void release_to(std::int64_t mark) { used_ = mark; }

 private:
  static constexpr std::int64_t row_floats(std::int64_t x) { return (x + 15) / 16 * 16; }

  Array3<float> memory_;
  std::int64_t used_ = 0;
};

}  // namespace cleft
