#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "base/box.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// A non-owning look at voxels in z, y, x order. Rows are contiguous (x stride 1); rows and sections may be
/// strided, so a part of a larger array is a View3 too. `T` may be const.
template <class T>
class View3 {
 public:
  View3() = default;
  /// Contiguous voxels.
  /// \pre `data` points to voxel_count(extent) elements.
  View3(T* data, const Extent& extent) : View3(data, extent, extent.y * extent.x, extent.x) {}
  /// \param stride_z, stride_y  Distance between sections and between rows, in elements.
  View3(T* data, const Extent& extent, std::int64_t stride_z, std::int64_t stride_y)
      : data_(data), extent_(extent), stride_z_(stride_z), stride_y_(stride_y) {}
  /// A mutable view can be read.
  operator View3<const T>() const  // NOLINT(google-explicit-constructor): the usual T* to const T* conversion
      requires(!std::is_const_v<T>) {
    return {data_, extent_, stride_z_, stride_y_};
  }

  const Extent& extent() const { return extent_; }
  std::int64_t stride_z() const { return stride_z_; }
  std::int64_t stride_y() const { return stride_y_; }
  T* data() const { return data_; }
  bool contiguous() const { return stride_y_ == extent_.x && stride_z_ == extent_.y * extent_.x; }

  T* row(std::int64_t z, std::int64_t y) const { return data_ + z * stride_z_ + y * stride_y_; }
  T& operator()(std::int64_t z, std::int64_t y, std::int64_t x) const {
    assert(z >= 0 && z < extent_.z && y >= 0 && y < extent_.y && x >= 0 && x < extent_.x);
    return row(z, y)[x];
  }
  /// The sub-array that begins at `first`.
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

/// Owns voxels in z, y, x order, contiguous, aligned for SIMD. Movable; copied only by name, since copies are
/// expensive.
template <class T>
class Array3 {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  static constexpr std::size_t alignment = 64;

  Array3() = default;
  /// All elements zero.
  explicit Array3(const Extent& extent) : Array3(uninitialized(extent)) { fill(T{}); }
  /// Elements have no value until written.
  /// \throws std::bad_alloc
  static Array3 uninitialized(const Extent& extent) {
    Array3 a;
    a.extent_ = extent;
    const auto bytes = to_size(voxel_count(extent)) * sizeof(T);
    a.data_.reset(static_cast<T*>(::operator new (bytes, std::align_val_t{alignment})));
    return a;
  }
  static Array3 copy_of(const View3<const T>& view) {
    Array3 a = uninitialized(view.extent());
    for (std::int64_t z = 0; z < view.extent().z; ++z)
      for (std::int64_t y = 0; y < view.extent().y; ++y)
        std::copy_n(view.row(z, y), view.extent().x, a.row(z, y));
    return a;
  }

  const Extent& extent() const { return extent_; }
  std::int64_t size() const { return voxel_count(extent_); }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
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
  struct AlignedDelete {
    void operator()(T* p) const { ::operator delete (p, std::align_val_t{alignment}); }
  };
  std::unique_ptr<T[], AlignedDelete> data_;
  Extent extent_;
};

}  // namespace cleft
