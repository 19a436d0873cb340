#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "base/array_memory.hpp"
#include "base/box.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// A view of voxels that something else owns, in z, y, x order. The voxels of a row (along x) are contiguous;
/// rows and sections may be any distance apart, so a part of a larger array is a View3 too. A
/// default-constructed view is empty.
/// \tparam T  May be const: then the voxels can only be read.
template <class T>
class View3 {
 public:
  View3() = default;
  /// Views contiguous voxels.
  /// \pre `data` points to voxel_count(extent) elements.
  View3(T* data, const Extent& extent) : View3(data, extent, extent.y * extent.x, extent.x) {}
  /// Views voxels whose sections are `stride_z` and whose rows are `stride_y` elements apart.
  View3(T* data, const Extent& extent, std::int64_t stride_z, std::int64_t stride_y)
      : data_(data), extent_(extent), stride_z_(stride_z), stride_y_(stride_y) {}
  /// A view that can be written converts to one that can only be read.
  operator View3<const T>() const  // NOLINT(google-explicit-constructor): the usual T* to const T* conversion
      requires(!std::is_const_v<T>) {
    return {data_, extent_, stride_z_, stride_y_};
  }

  const Extent& extent() const { return extent_; }
  /// Distance between sections and between rows, in elements.
  std::int64_t stride_z() const { return stride_z_; }
  std::int64_t stride_y() const { return stride_y_; }
  T* data() const { return data_; }
  /// Whether all voxels lie one after the other, without gaps between rows or sections.
  bool contiguous() const { return stride_y_ == extent_.x && stride_z_ == extent_.y * extent_.x; }

  /// The first voxel of row (z, y); extent().x voxels follow one another from there.
  T* row(std::int64_t z, std::int64_t y) const { return data_ + z * stride_z_ + y * stride_y_; }
  T& operator()(std::int64_t z, std::int64_t y, std::int64_t x) const {
    assert(z >= 0 && z < extent_.z && y >= 0 && y < extent_.y && x >= 0 && x < extent_.x);
    return row(z, y)[x];
  }
  /// The box of this extent whose first voxel is `first`.
  /// \pre It lies inside this view.
  View3 part(const LocalVoxel& first, const Extent& extent) const {
    assert(first.z + extent.z <= extent_.z && first.y + extent.y <= extent_.y &&
           first.x + extent.x <= extent_.x);
    return {row(first.z, first.y) + first.x, extent, stride_z_, stride_y_};
  }

 private:
  T* data_ = nullptr;
  Extent extent_;
  std::int64_t stride_z_ = 0, stride_y_ = 0;
};

/// An array of voxels in z, y, x order (x fastest), contiguous, aligned for SIMD. Movable; copied only by
/// `copy_of`, since copies are expensive. A default-constructed array is empty.
template <class T>
class Array3 {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// Of the first voxel, in bytes: a cache line, and the width of an AVX-512 vector.
  static constexpr std::size_t alignment = 64;

  Array3() = default;
  /// All elements zero.
  explicit Array3(const Extent& extent) : Array3(uninitialized(extent)) {
    if (!std::is_arithmetic_v<T> || !is_zeroed_array(data_.get_deleter().bytes)) fill(T{});
  }
  /// Elements are undefined until written.
  /// \throws std::bad_alloc
  static Array3 uninitialized(const Extent& extent) {
    Array3 a;
    a.extent_ = extent;
    const auto bytes = to_size(voxel_count(extent)) * sizeof(T);
    a.data_ = {static_cast<T*>(allocate_array(bytes, alignment)), Free{bytes}};
    return a;
  }
  /// Bytes of memory that an array of this extent takes.
  static constexpr std::int64_t memory(const Extent& extent) {
    return array_memory(voxel_count(extent) * narrow<std::int64_t>(sizeof(T)));
  }
  /// A copy of the view's voxels.
  /// \throws std::bad_alloc
  static Array3 copy_of(const View3<const T>& view) {
    Array3 a = uninitialized(view.extent());
    for (std::int64_t z = 0; z < view.extent().z; ++z)
      for (std::int64_t y = 0; y < view.extent().y; ++y)
        std::copy_n(view.row(z, y), view.extent().x, a.row(z, y));
    return a;
  }

  const Extent& extent() const { return extent_; }
  /// How many voxels there are.
  std::int64_t size() const { return voxel_count(extent_); }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  /// All voxels, in z, y, x order.
  std::span<T> voxels() { return {data(), to_size(size())}; }
  std::span<const T> voxels() const { return {data(), to_size(size())}; }
  View3<T> view() { return {data(), extent_}; }
  View3<const T> view() const { return {data(), extent_}; }

  T* row(std::int64_t z, std::int64_t y) { return view().row(z, y); }
  const T* row(std::int64_t z, std::int64_t y) const { return view().row(z, y); }
  T& operator()(std::int64_t z, std::int64_t y, std::int64_t x) { return view()(z, y, x); }
  const T& operator()(std::int64_t z, std::int64_t y, std::int64_t x) const { return view()(z, y, x); }
  void fill(const T& value) { std::fill_n(data(), size(), value); }

 private:
  struct Free {
    std::size_t bytes = 0;
    void operator()(T* p) const { free_array(p, bytes, alignment); }
  };
  std::unique_ptr<T[], Free> data_;
  Extent extent_;
};

}  // namespace cleft
