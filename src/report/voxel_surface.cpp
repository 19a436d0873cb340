#include "report/voxel_surface.hpp"

#include <array>
#include <cstddef>
#include <unordered_map>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {
namespace {

// The eight voxels around a corner are its octants: bit 0 of an octant's number is x, bit 1 y, bit 2 z. The
// corner (z, y, x) lies before the voxel of these indices, so that this voxel is its octant 7.
constexpr int octants = 8;

/// [which octants are inside][octant] the number of the part that the octant is of, where parts are what
/// shares faces: voxels that meet at the corner without sharing a face there have points of their own.
using Parts = std::array<std::array<std::uint8_t, octants>, 1U << octants>;

constexpr Parts make_parts() {
  Parts parts{};
  for (unsigned inside = 0; inside < parts.size(); ++inside) {
    std::array<std::uint8_t, octants> part{};
    for (std::uint8_t o = 0; o < octants; ++o) part[o] = o;
    for (int round = 0; round < octants; ++round)
      for (unsigned o = 0; o < octants; ++o)
        for (const unsigned step : {1U, 2U, 4U}) {
          const unsigned other = o ^ step;
          if ((inside >> o & 1U) == 0 || (inside >> other & 1U) == 0) continue;
          if (part[other] < part[o]) part[o] = part[other];
        }
    parts[inside] = part;
  }
  return parts;
}

constexpr Parts parts = make_parts();

/// A step to a neighbour along one axis, or the corner of a voxel that lies on the far side of some axes.
struct Step {
  int z = 0, y = 0, x = 0;
};

Step plus(const Step& a, const Step& b) {
  return {a.z + b.z, a.y + b.y, a.x + b.x};
}

/// One of a voxel's six faces: the way to the neighbour, and its corners counter-clockwise seen from there.
struct Face {
  Step to;
  std::array<Step, 4> corners;  // 0: the voxel's near side, 1: its far side, of each axis
};

constexpr std::array<Face, 6> faces{{
    {{0, 0, 1}, {{{0, 0, 1}, {0, 1, 1}, {1, 1, 1}, {1, 0, 1}}}},
    {{0, 0, -1}, {{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}}}},
    {{0, 1, 0}, {{{0, 1, 0}, {1, 1, 0}, {1, 1, 1}, {0, 1, 1}}}},
    {{0, -1, 0}, {{{0, 0, 0}, {0, 0, 1}, {1, 0, 1}, {1, 0, 0}}}},
    {{1, 0, 0}, {{{1, 0, 0}, {1, 0, 1}, {1, 1, 1}, {1, 1, 0}}}},
    {{-1, 0, 0}, {{{0, 0, 0}, {0, 1, 0}, {0, 1, 1}, {0, 0, 1}}}},
}};

/// The way from a voxel across the edge between two corners of one of its faces, within the plane of the
/// face: along the axis on which both corners agree and which is not the face's own.
Step across(const Face& face, const Step& a, const Step& b) {
  Step way;
  if (a.z == b.z && face.to.z == 0) way.z = a.z == 1 ? 1 : -1;
  if (a.y == b.y && face.to.y == 0) way.y = a.y == 1 ? 1 : -1;
  if (a.x == b.x && face.to.x == 0) way.x = a.x == 1 ? 1 : -1;
  return way;
}

class Builder {
 public:
  Builder(const View3<const std::uint8_t>& mask, const VoxelSize& size) : mask_(mask), size_(size) {
    const auto corners = to_size((mask.extent().y + 1) * (mask.extent().x + 1) * octants);
    for (auto& layer : points_) layer.assign(corners, none);
  }

  Surface build() {
    const Extent& e = mask_.extent();
    for (std::int64_t z = 0; z < e.z; ++z) {
      for (std::int64_t y = 0; y < e.y; ++y)
        for (std::int64_t x = 0; x < e.x; ++x)
          if (inside(z, y, x))
            for (const Face& face : faces)
              if (!inside(z + face.to.z, y + face.to.y, x + face.to.x)) add(face, z, y, x);
      // The next section needs the corners between itself and this one, and a layer of new ones.
      std::swap(points_[0], points_[1]);
      points_[1].assign(points_[1].size(), none);
    }
    return std::move(surface_);
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  bool inside(std::int64_t z, std::int64_t y, std::int64_t x) const {
    const Extent& e = mask_.extent();
    return z >= 0 && y >= 0 && x >= 0 && z < e.z && y < e.y && x < e.x && mask_(z, y, x) != 0;
  }
  bool inside(const Step& at, std::int64_t z, std::int64_t y, std::int64_t x) const {
    return inside(z + at.z, y + at.y, x + at.x);
  }

  std::uint32_t new_point(double z, double y, double x) {
    surface_.points.push_back(
        {static_cast<float>(x * size_.x), static_cast<float>(y * size_.y), static_cast<float>(z * size_.z)});
    return narrow<std::uint32_t>(surface_.points.size() - 1);
  }

  /// The point at a voxel's corner.
  std::uint32_t corner_point(const Step& side, std::int64_t z, std::int64_t y, std::int64_t x) {
    const std::int64_t cz = z + side.z, cy = y + side.y, cx = x + side.x;
    unsigned around = 0;
    for (unsigned o = 0; o < octants; ++o)
      if (inside(cz - 1 + (o >> 2U & 1U), cy - 1 + (o >> 1U & 1U), cx - 1 + (o & 1U))) around |= 1U << o;
    const unsigned mine = (side.z == 0 ? 4U : 0U) | (side.y == 0 ? 2U : 0U) | (side.x == 0 ? 1U : 0U);
    const auto place = to_size((cy * (mask_.extent().x + 1) + cx) * octants) + parts[around][mine];
    std::uint32_t& point = points_[to_size(side.z)][place];
    if (point == none) point = new_point(narrow<double>(cz), narrow<double>(cy), narrow<double>(cx));
    return point;
  }

  /// The point in the middle of an edge of a voxel at which another voxel meets it by that edge alone: two
  /// pairs of faces have this edge, and without points of their own could not be told apart.
  std::uint32_t middle_point(const Step& a, const Step& b, std::int64_t z, std::int64_t y, std::int64_t x) {
    const Step twice = plus(a, b);  // 0, 1 or 2 along each axis: the edge's middle
    const std::int64_t voxel = (z * mask_.extent().y + y) * mask_.extent().x + x;
    const std::int64_t key = voxel * 27 + std::int64_t{twice.z * 9 + twice.y * 3 + twice.x};
    const auto [entry, is_new] = middles_.try_emplace(key, 0);
    if (is_new)
      entry->second = new_point(narrow<double>(z) + twice.z / 2.0, narrow<double>(y) + twice.y / 2.0,
                                narrow<double>(x) + twice.x / 2.0);
    return entry->second;
  }

  void add(const Face& face, std::int64_t z, std::int64_t y, std::int64_t x) {
    std::array<std::uint32_t, 8> outline{};
    // The fan of triangles begins at a middle point, if there is one: no triangle then has the whole of a
    // halved edge, which the other pair of faces there has too.
    std::size_t count = 0, start = 0;
    for (std::size_t c = 0; c < face.corners.size(); ++c) {
      const Step &a = face.corners[c], &b = face.corners[(c + 1) % face.corners.size()];
      outline[count++] = corner_point(a, z, y, x);
      const Step way = across(face, a, b);
      if (inside(way, z, y, x) || !inside(plus(way, face.to), z, y, x)) continue;
      start = count;
      outline[count++] = middle_point(a, b, z, y, x);
    }
    for (std::size_t i = 1; i + 1 < count; ++i)
      surface_.indices.insert(surface_.indices.end(), {outline[start], outline[(start + i) % count],
                                                       outline[(start + i + 1) % count]});
  }

  View3<const std::uint8_t> mask_;
  VoxelSize size_;
  Surface surface_;
  std::array<std::vector<std::uint32_t>, 2> points_;  // [before, behind the section][corner, part]
  std::unordered_map<std::int64_t, std::uint32_t> middles_;
};

}  // namespace

Surface voxel_surface(const View3<const std::uint8_t>& mask, const VoxelSize& voxel_size) {
  return Builder(mask, voxel_size).build();
}

}  // namespace cleft
