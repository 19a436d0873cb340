#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string>

namespace cleft {

/// One value per axis, in the project's axis order: z (section), y (row), x (column, fastest in memory).
template <class T>
struct PerAxis {
  T z{}, y{}, x{};

  /// \param axis  0 = z, 1 = y, 2 = x.
  constexpr T& operator[](int axis) { return axis == 0 ? z : axis == 1 ? y : x; }
  constexpr const T& operator[](int axis) const { return axis == 0 ? z : axis == 1 ? y : x; }
  friend constexpr bool operator==(const PerAxis&, const PerAxis&) = default;
};

/// Lengths or distances in voxels.
using Extent = PerAxis<std::int64_t>;
/// Edge lengths of one voxel, in nm.
using VoxelSize = PerAxis<double>;

constexpr std::int64_t voxel_count(const Extent& e) {
  return e.z * e.y * e.x;
}
constexpr Extent operator+(const Extent& a, const Extent& b) {
  return {a.z + b.z, a.y + b.y, a.x + b.x};
}
constexpr Extent operator-(const Extent& a, const Extent& b) {
  return {a.z - b.z, a.y - b.y, a.x - b.x};
}
constexpr Extent operator*(std::int64_t k, const Extent& e) {
  return {k * e.z, k * e.y, k * e.x};
}

/// A position whose frame of reference is part of its type, so that a voxel of the volume, a voxel of a
/// block's array and a block of the grid cannot be mixed up. Ordered by z, then y, then x: the order that
/// canonical ids are given in.
template <class Frame>
struct Index3 {
  std::int64_t z = 0, y = 0, x = 0;

  friend constexpr auto operator<=>(const Index3&, const Index3&) = default;
  friend constexpr Index3 operator+(const Index3& p, const Extent& d) {
    return {p.z + d.z, p.y + d.y, p.x + d.x};
  }
  friend constexpr Index3 operator-(const Index3& p, const Extent& d) {
    return {p.z - d.z, p.y - d.y, p.x - d.x};
  }
  friend constexpr Extent operator-(const Index3& a, const Index3& b) {
    return {a.z - b.z, a.y - b.y, a.x - b.x};
  }
};

/// A voxel of the whole volume.
using GlobalVoxel = Index3<struct VolumeFrame>;
/// A voxel of one array, counted from that array's first voxel.
using LocalVoxel = Index3<struct ArrayFrame>;
/// A block of a BlockGrid, counted in blocks.
using BlockIndex = Index3<struct GridFrame>;

/// Position of `p` in z, y, x order among the voxels of an array of this extent.
/// \pre `p` lies inside it.
template <class Frame>
constexpr std::int64_t linear_index(const Index3<Frame>& p, const Extent& extent) {
  return (p.z * extent.y + p.y) * extent.x + p.x;
}

/// Inverse of linear_index for voxels of a volume.
constexpr GlobalVoxel voxel_at(std::int64_t linear, const Extent& extent) {
  const std::int64_t row = linear / extent.x;
  return {row / extent.y, row % extent.y, linear % extent.x};
}

/// A half-open box of voxels: `begin` is inside, `end` is one past the last voxel on every axis. Like a
/// position it belongs to a frame of reference, and boxes of two frames cannot be mixed up: `local` is the
/// only way from one to the other.
template <class Frame>
struct Box3 {
  Index3<Frame> begin, end;

  constexpr Extent extent() const { return end - begin; }
  constexpr bool empty() const { return end.z <= begin.z || end.y <= begin.y || end.x <= begin.x; }
  constexpr bool contains(const Index3<Frame>& p) const {
    return p.z >= begin.z && p.z < end.z && p.y >= begin.y && p.y < end.y && p.x >= begin.x && p.x < end.x;
  }
  constexpr bool contains(const Box3& b) const {
    return b.begin.z >= begin.z && b.begin.y >= begin.y && b.begin.x >= begin.x && b.end.z <= end.z &&
           b.end.y <= end.y && b.end.x <= end.x;
  }
  /// Where `p` stands in an array that holds exactly this box.
  constexpr LocalVoxel local(const Index3<Frame>& p) const {
    return {p.z - begin.z, p.y - begin.y, p.x - begin.x};
  }
  /// Likewise a box. (A template, so that `local({z, y, x})` can only mean a voxel.)
  template <std::same_as<Frame> F>
  constexpr Box3<ArrayFrame> local(const Box3<F>& b) const {
    return {local(b.begin), local(b.end)};
  }
  friend constexpr bool operator==(const Box3&, const Box3&) = default;
};

/// A box of the whole volume.
using Box = Box3<VolumeFrame>;
/// A box of one array, counted from that array's first voxel.
using LocalBox = Box3<ArrayFrame>;

/// All voxels of a volume of this extent.
constexpr Box whole_box(const Extent& volume) {
  return {{0, 0, 0}, {volume.z, volume.y, volume.x}};
}
/// All voxels of an array of this extent.
constexpr LocalBox whole_array(const Extent& array) {
  return {{0, 0, 0}, {array.z, array.y, array.x}};
}

/// The box of this extent that begins at `begin`.
template <class Frame>
constexpr Box3<Frame> box_at(const Index3<Frame>& begin, const Extent& extent) {
  return {begin, begin + extent};
}

/// The part common to both; `empty()` when there is none.
template <class Frame>
constexpr Box3<Frame> intersection(const Box3<Frame>& a, const Box3<Frame>& b) {
  return {{std::max(a.begin.z, b.begin.z), std::max(a.begin.y, b.begin.y), std::max(a.begin.x, b.begin.x)},
          {std::min(a.end.z, b.end.z), std::min(a.end.y, b.end.y), std::min(a.end.x, b.end.x)}};
}

/// `box` with `margin` added on every side, then cut back to `limits`.
template <class Frame>
constexpr Box3<Frame> grown(const Box3<Frame>& box, const Extent& margin, const Box3<Frame>& limits) {
  return intersection({box.begin - margin, box.end + margin}, limits);
}

/// "z 0:20, y 300:352, x 500:556": for messages.
template <class Frame>
std::string to_string(const Box3<Frame>& box);
/// "20 x 52 x 56 (z, y, x)": for messages.
std::string to_string(const Extent& extent);
/// "45 x 4.6 x 4.6 nm (z, y, x)": for messages.
std::string to_string(const VoxelSize& size);

}  // namespace cleft
