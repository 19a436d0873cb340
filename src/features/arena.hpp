#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "features/tuning.hpp"

namespace cleft::features {

/// Memory for a computation's temporary images: one allocation, from which images are taken one
/// after the other and given back in reverse order.
class Arena {
 public:
  /// Floats that an image of this extent takes: rows begin at multiples of the vector size.
  static constexpr std::int64_t floats(const Extent& extent) {
    return extent.z * extent.y * row_floats(extent.x);
  }

  /// \param floats  Of all images that are there at one time.
  /// \throws std::bad_alloc
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
  static constexpr std::int64_t row_floats(std::int64_t x) {
    constexpr std::int64_t unit = tuning::vector_floats;
    return (x + unit - 1) / unit * unit;
  }

  Array3<float> memory_;
  std::int64_t used_ = 0;
};

}  // namespace cleft::features
