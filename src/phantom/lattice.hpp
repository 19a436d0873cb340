#pragma once

#include <cmath>
#include <cstdint>

#include "base/box.hpp"
#include "base/narrow.hpp"
#include "base/random.hpp"
#include "phantom/vector.hpp"

namespace cleft::phantom {

/// A cube of a lattice that fills space; whatever the phantom contains is drawn by the cube it begins in.
using LatticeCell = Index3<struct LatticeFrame>;

/// What a random number is for: the same cube draws independent numbers for different purposes.
enum class Purpose : std::uint64_t {
  orientation = 1,
  coarse_warp,
  fine_warp,
  finest_warp,
  tissue_fields,
  neurite,
  neurite_point,
  cell_look,
  texture,
  synapse,
  mitochondrion,
  vesicle,
  dense_core,
  microtubule,
  membrane_stroke,
  rest_stroke,
  synapse_stroke,
  shading,
  section,
  shot_noise,
};

/// 64 random bits of one cube for one purpose.
constexpr std::uint64_t hash_at(std::uint64_t seed, Purpose purpose, const LatticeCell& c) {
  std::uint64_t h = mix_bits(seed ^ (static_cast<std::uint64_t>(purpose) << 56U));
  h = mix_bits(h ^ static_cast<std::uint64_t>(c.z));
  h = mix_bits(h ^ static_cast<std::uint64_t>(c.y));
  return mix_bits(h ^ static_cast<std::uint64_t>(c.x));
}

/// For hash maps keyed by cubes.
struct HashCell {
  std::size_t operator()(const LatticeCell& c) const { return hash_at(0, Purpose{}, c); }
};

/// The n-th group of 16 of 64 random bits, n = 0…3, as a number in [0, 1).
constexpr double fraction(std::uint64_t bits, unsigned n) {
  return static_cast<double>((bits >> (16 * n)) & 0xffffU) * 0x1p-16;
}

/// The largest whole number not above `v`. (std::floor is a library call on the oldest x86-64.)
constexpr std::int64_t floor_to_int(double v) {
  const auto i = static_cast<std::int64_t>(v);
  return i - (v < narrow<double>(i) ? 1 : 0);
}

/// The cube of edge `edge` nm that holds `p`.
constexpr LatticeCell cell_at(const Vector& p, double edge) {
  return {floor_to_int(p.z / edge), floor_to_int(p.y / edge), floor_to_int(p.x / edge)};
}

/// The first corner (smallest coordinates) of a cube.
constexpr Vector corner_of(const LatticeCell& c, double edge) {
  return {narrow<double>(c.z) * edge, narrow<double>(c.y) * edge, narrow<double>(c.x) * edge};
}

/// Calls `visit(cell)` in z, y, x order for each cube that touches the box `low` … `high`.
template <class Visit>
void for_each_cell(const Vector& low, const Vector& high, double edge, Visit visit) {
  const LatticeCell first = cell_at(low, edge), last = cell_at(high, edge);
  for (std::int64_t z = first.z; z <= last.z; ++z)
    for (std::int64_t y = first.y; y <= last.y; ++y)
      for (std::int64_t x = first.x; x <= last.x; ++x) visit(LatticeCell{z, y, x});
}

}  // namespace cleft::phantom
