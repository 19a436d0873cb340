#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cleft {

/// A corner of a surface's triangles, in nm. float: what pictures need, and what the simplifier takes.
struct SurfacePoint {
  float x = 0, y = 0, z = 0;
  friend bool operator==(const SurfacePoint&, const SurfacePoint&) = default;
};

/// A closed surface of triangles: three indices of points each, counter-clockwise seen from outside.
struct Surface {
  std::vector<SurfacePoint> points;
  std::vector<std::uint32_t> indices;

  std::size_t triangles() const { return indices.size() / 3; }
};

/// The volume that a surface encloses, in nm3; positive where its triangles face outward.
double enclosed_volume(const Surface& surface);

/// Smooths a surface without shrinking it: Taubin's lambda | mu filter (Taubin 1995), `steps` steps with
/// equal weights of neighbouring points. It ends early where less than 0.7 of the volume would be left, as of
/// a single voxel. What volume it still changes is given back by moving all points along their normals.
void smooth_surface(Surface& surface, int steps = 20);

/// Collapses edges (meshoptimizer's quadric error) until no more triangles than asked for are left, or no
/// more can go without changing what is connected with what. It stays closed: each edge is used as often in
/// one direction as in the other. Points that nothing uses any more are dropped;
/// the volume is given back as by smooth_surface.
Surface simplified(const Surface& surface, std::size_t triangles);

/// As simplified, but never more triangles: where those that keep the form cannot be collapsed further,
/// points of one cell of a coarse grid become one. Such a surface may be open. For pictures from afar.
Surface coarse(const Surface& surface, std::size_t triangles);

/// How many triangles a picture of an object is made of: `base` up to 5,000 voxels, above that growing with
/// the square root of its size, up to five times `base`.
std::size_t triangles_for(std::int64_t voxels, int base);

}  // namespace cleft
