#include "phantom/fields.hpp"

#include <algorithm>

#include "phantom/spline.hpp"

namespace cleft::phantom {
namespace {

constexpr double coarse_edge = 620, coarse_nm = 190;
constexpr double fine_edge = 190, fine_nm = 34;
constexpr double finest_edge = 95, finest_nm = 16;
constexpr double property_edge = 330;
constexpr std::size_t nodes_kept = 30000;
constexpr double gap_mean = 92, gap_range = 60;

constexpr Fields operator+(const Fields& a, const Fields& b) {
  return {a.displacement + b.displacement, a.gap + b.gap, a.membrane + b.membrane};
}
constexpr Fields operator*(double k, const Fields& a) {
  return {k * a.displacement, k * a.gap, k * a.membrane};
}

std::array<double, 3> slopes_per_nm(double u) {
  const auto s = spline_slopes(u);
  return {s[0] / tile_edge, s[1] / tile_edge, s[2] / tile_edge};
}

Fields fields_at_node(std::uint64_t seed, const LatticeCell& tile) {
  const Vector p = corner_of(tile, tile_edge);
  const Vector coarse = smooth_noise(seed, Purpose::coarse_warp, coarse_edge, p);
  const Vector fine = smooth_noise(seed, Purpose::fine_warp, fine_edge, p);
  const Vector finest = smooth_noise(seed, Purpose::finest_warp, finest_edge, p);
  const Vector property = smooth_noise(seed, Purpose::tissue_fields, property_edge, p);
  return {coarse_nm * coarse + fine_nm * fine + finest_nm * finest, gap_mean + gap_range * property.z,
          std::clamp(0.4 + 0.8 * property.y, 0.0, 1.0)};
}

template <class T>
T weighted(const std::array<double, 3>& w, const T& a, const T& b, const T& c) {
  return w[0] * a + w[1] * b + w[2] * c;
}

constexpr double smooth_step(double u) {
  return u * u * (3 - 2 * u);
}

}  // namespace

Vector smooth_noise(std::uint64_t seed, Purpose purpose, double edge, const Vector& p) {
  const LatticeCell cell = cell_at(p, edge);
  const Vector u = (1 / edge) * (p - corner_of(cell, edge));
  const double wz = smooth_step(u.z), wy = smooth_step(u.y), wx = smooth_step(u.x);
  Vector sum;
  for (int corner = 0; corner < 8; ++corner) {
    const int dz = corner >> 2, dy = (corner >> 1) & 1, dx = corner & 1;
    const std::uint64_t bits = hash_at(seed, purpose, cell + Extent{dz, dy, dx});
    const double w = (dz ? wz : 1 - wz) * (dy ? wy : 1 - wy) * (dx ? wx : 1 - wx);
    sum = sum + w * Vector{2 * fraction(bits, 0) - 1, 2 * fraction(bits, 1) - 1, 2 * fraction(bits, 2) - 1};
  }
  return sum;
}

const Fields& FieldNodes::at(const LatticeCell& tile) {
  const auto [at, is_new] = nodes_.try_emplace(tile);
  if (is_new) at->second = fields_at_node(seed_, tile);
  return at->second;
}

void FieldNodes::trim() {
  if (nodes_.size() > nodes_kept) nodes_.clear();
}

FieldPatch::FieldPatch(FieldNodes& nodes, const LatticeCell& tile) : corner_(corner_of(tile, tile_edge)) {
  std::size_t n = 0;
  for (int z = -1; z <= 1; ++z)
    for (int y = -1; y <= 1; ++y)
      for (int x = -1; x <= 1; ++x) node_[n++] = nodes.at(tile + Extent{z, y, x});
}

FieldPatch::Row FieldPatch::row(double z, double y) const {
  const double uz = (z - corner_.z) / tile_edge, uy = (y - corner_.y) / tile_edge;
  const auto wz = spline_weights(uz), wy = spline_weights(uy), sz = slopes_per_nm(uz), sy = slopes_per_nm(uy);
  Row row;
  row.z_ = z;
  row.y_ = y;
  row.corner_x_ = corner_.x;
  for (std::size_t x = 0; x < 3; ++x) {
    std::array<Fields, 3> across;
    std::array<Vector, 3> across_z;
    for (std::size_t j = 0; j < 3; ++j) {
      const Fields &a = node_[j * 3 + x], &b = node_[9 + j * 3 + x], &c = node_[18 + j * 3 + x];
      across[j] = weighted(wz, a, b, c);
      across_z[j] = weighted(sz, a.displacement, b.displacement, c.displacement);
    }
    row.value_[x] = weighted(wy, across[0], across[1], across[2]);
    row.by_z_[x] = weighted(wy, across_z[0], across_z[1], across_z[2]);
    row.by_y_[x] = weighted(sy, across[0].displacement, across[1].displacement, across[2].displacement);
  }
  return row;
}

Fields FieldPatch::Row::at(double x) const {
  return weighted(spline_weights((x - corner_x_) / tile_edge), value_[0], value_[1], value_[2]);
}

BendSlopes FieldPatch::Row::slopes(double x) const {
  const double u = (x - corner_x_) / tile_edge;
  const auto w = spline_weights(u), s = slopes_per_nm(u);
  return {weighted(w, by_z_[0], by_z_[1], by_z_[2]), weighted(w, by_y_[0], by_y_[1], by_y_[2]),
          weighted(s, value_[0].displacement, value_[1].displacement, value_[2].displacement)};
}

}  // namespace cleft::phantom
