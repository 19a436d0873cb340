#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "report/surface.hpp"

namespace cleft {

/// A surface with whole coordinates: a point is origin + step times these, in nm.
struct PackedSurface {
  PerAxis<double> origin_nm;
  double step_nm = 1;
  std::vector<std::uint16_t> positions;  ///< x, y, z of each point
  std::vector<std::uint32_t> indices;
};

/// Where whole coordinates of points in a box begin, and how long their step is: the longest side is 65535.
struct PackedFrame {
  PerAxis<double> origin_nm;
  double step_nm = 1;
};
PackedFrame frame_of(const PerAxis<double>& begin_nm, const PerAxis<double>& end_nm);
/// The frame that a surface alone fills, moved by `offset`.
PackedFrame frame_of(const Surface& surface, const PerAxis<double>& offset_nm);

/// A surface, moved by `offset`, in whole coordinates. Triangles of which two corners fall together are left
/// out.
PackedSurface packed(const Surface& surface, const PerAxis<double>& offset_nm, const PackedFrame& frame);

/// Bytes as text (RFC 4648, with padding).
std::string base64(const std::vector<std::uint16_t>& little_endian);
std::string base64(const std::vector<std::uint32_t>& little_endian);

/// Surfaces of many objects as one.
class Scene {
 public:
  explicit Scene(const PackedFrame& frame) : frame_(frame) {}
  /// Adds an object's surface, whose coordinates are of the scene's frame.
  /// \pre Called in ascending order of ids.
  void add(std::uint64_t id, const std::vector<std::uint16_t>& positions,
           const std::vector<std::uint32_t>& indices);
  /// The content of scene.js as JSON text, ASCII.
  /// \param box_begin_nm, box_end_nm  Of the volume.
  std::string json(const PerAxis<double>& box_begin_nm, const PerAxis<double>& box_end_nm) const;

 private:
  PackedFrame frame_;
  std::vector<std::uint16_t> positions_;
  std::vector<std::uint32_t> indices_;
  std::vector<std::uint64_t> ids_;
  std::vector<std::uint64_t> first_index_;
};

}  // namespace cleft
