#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "io/volume/element_type.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {

/// Elements in memory that are to become voxels: of any type and in any order of axes.
struct StridedElements {
  const void* data = nullptr;
  ElementType type = ElementType::uint8;
  PerAxis<std::int64_t> stride;  ///< from a voxel to the next along z, y and x, in elements
};

/// An element whose value the voxels' type cannot hold.
struct Misfit {
  LocalVoxel at;
  std::string value;
};

/// Copies elements to voxels in z, y, x order and converts each to T, exactly: whole numbers and truth values
/// to integers that hold them, and everything to float that float holds (NaN and infinity too).
///
/// \tparam T          uint8, uint16, uint64, int64 or float.
/// \param conversion  `nearest`: to float, a value between two floats is rounded to the nearest.
/// \returns An element that cannot be converted, always the same one; `out` then has no defined values.
///          Nothing when all could be.
template <class T>
std::optional<Misfit> copy_elements(const StridedElements& from, Conversion conversion, const View3<T>& out);

}  // namespace cleft
