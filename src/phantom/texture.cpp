#include "phantom/texture.hpp"

#include <algorithm>

#include "base/narrow.hpp"
#include "phantom/spline.hpp"

namespace cleft::phantom {
namespace {

/// An interval of the lattice, and the part of it that lies before a place.
struct Interval {
  std::size_t number;
  double part;
};

Interval interval_at(double distance, double edge, std::int64_t intervals) {
  const double v = distance / edge;
  const auto n = std::clamp(floor_to_int(v), std::int64_t{0}, intervals - 1);
  return {to_size(n), v - narrow<double>(n)};
}

}  // namespace

Texture::Texture(std::uint64_t seed, const LatticeCell& tile) : corner_(corner_of(tile, tile_edge)) {
  const Extent lattice{nodes, nodes, nodes};
  for (std::size_t n = 0; n < value_.size(); ++n) {
    const GlobalVoxel at = voxel_at(narrow<std::int64_t>(n), lattice);
    const LatticeCell node{tile.z * intervals - 1 + at.z, tile.y * intervals - 1 + at.y,
                           tile.x * intervals - 1 + at.x};
    value_[n] = static_cast<float>(4 * fraction(hash_at(seed, Purpose::texture, node), 0) - 2);
  }
}

Texture::Row Texture::row(double z, double y) const {
  const Interval iz = interval_at(z - corner_.z, edge, intervals),
                 iy = interval_at(y - corner_.y, edge, intervals);
  const auto wz = spline_weights(iz.part), wy = spline_weights(iy.part);
  Row row;
  row.corner_x_ = corner_.x;
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t j = 0; j < 3; ++j) {
      const float* line = &value_[((iz.number + k) * nodes + iy.number + j) * nodes];
      for (std::size_t x = 0; x < nodes; ++x) row.node_[x] += wz[k] * wy[j] * static_cast<double>(line[x]);
    }
  return row;
}

double Texture::Row::at(double x) const {
  const Interval i = interval_at(x - corner_x_, edge, intervals);
  const auto w = spline_weights(i.part);
  return w[0] * node_[i.number] + w[1] * node_[i.number + 1] + w[2] * node_[i.number + 2];
}

}  // namespace cleft::phantom
