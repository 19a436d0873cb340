#include "phantom/exposure.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/narrow.hpp"
#include "phantom/fields.hpp"
#include "phantom/lattice.hpp"

namespace cleft::phantom {
namespace {

constexpr double mid_grey = 128, darkest_with_noise = 24;
constexpr double shading_edge = 1800;       // nm
constexpr std::int64_t shading_every = 16;  // voxels along x; in between it is interpolated

/// Mean 0, standard deviation 1, nearly normal: four uniform numbers added up.
double noise_at(std::uint64_t seed, const GlobalVoxel& p) {
  const std::uint64_t bits = hash_at(seed, Purpose::shot_noise, {p.z, p.y, p.x});
  return (fraction(bits, 0) + fraction(bits, 1) + fraction(bits, 2) + fraction(bits, 3) - 2) * std::sqrt(3.0);
}

/// The slow drift along one row, for voxels begin … begin + drift.size() of it.
void shade_row(const PhantomOptions& o, const GlobalVoxel& begin, std::vector<double>& drift) {
  const auto at = [&](std::int64_t node) {
    const Vector p{narrow<double>(begin.z) * o.voxel_size.z, narrow<double>(begin.y) * o.voxel_size.y,
                   narrow<double>(node * shading_every) * o.voxel_size.x};
    return o.shading * smooth_noise(o.seed, Purpose::shading, shading_edge, p).z;
  };
  std::int64_t node = begin.x / shading_every;
  double left = at(node), right = at(node + 1);
  for (std::size_t n = 0; n < drift.size(); ++n) {
    const std::int64_t x = begin.x + narrow<std::int64_t>(n);
    if (x / shading_every != node) {
      left = right;
      right = at(++node + 1);
    }
    drift[n] = left + (right - left) * narrow<double>(x % shading_every) / shading_every;
  }
}

}  // namespace

void expose(const PhantomOptions& o, const Box& box, View3<const float> grey, View3<std::uint8_t> raw) {
  const Extent extent = box.extent();
  std::vector<double> drift(to_size(extent.x));
  for (std::int64_t z = 0; z < extent.z; ++z) {
    Random section(hash_at(o.seed, Purpose::section, {box.begin.z + z, 0, 0}));
    const double brighter = o.section_jitter * section.normal();
    const double contrast = 1 + 0.008 * o.section_jitter * section.normal();
    for (std::int64_t y = 0; y < extent.y; ++y) {
      shade_row(o, {box.begin.z + z, box.begin.y + y, box.begin.x}, drift);
      for (std::int64_t x = 0; x < extent.x; ++x) {
        const double g = mid_grey + contrast * (static_cast<double>(grey(z, y, x)) - mid_grey) + brighter +
                         drift[to_size(x)];
        const double deviation = o.noise * std::sqrt(std::max(g, darkest_with_noise) / mid_grey);
        const GlobalVoxel voxel = box.begin + Extent{z, y, x};
        const double recorded = std::clamp(g + deviation * noise_at(o.seed, voxel), 0.0, 255.0);
        raw(z, y, x) = static_cast<std::uint8_t>(std::lround(recorded));
      }
    }
  }
}

}  // namespace cleft::phantom
