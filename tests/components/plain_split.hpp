#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "base/array3.hpp"
#include "components/connectivity.hpp"

namespace cleft::test {

// How a component is split, straight from the definitions: every voxel compared with every other, and whole
// arrays gone through again and again instead of queues.

/// Calls visit(z, y, x, faces) for each neighbour inside an array; faces: whether they share one.
inline void for_each_neighbour(
    const Extent& e, std::int64_t z, std::int64_t y, std::int64_t x, Connectivity connectivity,
    const std::function<void(std::int64_t, std::int64_t, std::int64_t, bool)>& visit) {
  for (std::int64_t c = std::max<std::int64_t>(z - 1, 0); c <= std::min(z + 1, e.z - 1); ++c)
    for (std::int64_t b = std::max<std::int64_t>(y - 1, 0); b <= std::min(y + 1, e.y - 1); ++b)
      for (std::int64_t a = std::max<std::int64_t>(x - 1, 0); a <= std::min(x + 1, e.x - 1); ++a) {
        const auto axes = std::abs(c - z) + std::abs(b - y) + std::abs(a - x);
        if (axes > 0 && axes <= static_cast<int>(connectivity)) visit(c, b, a, axes == 1);
      }
}

/// Calls visit(z, y, x) for every voxel.
inline void for_each_voxel(const Extent& e,
                           const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& visit) {
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y)
      for (std::int64_t x = 0; x < e.x; ++x) visit(z, y, x);
}

/// The distance of two voxels in nm, squared.
inline double squared_nm(const GlobalVoxel& a, const GlobalVoxel& b, const VoxelSize& nm) {
  const Extent d = a - b;
  const auto square = [](double v) { return v * v; };
  return square(static_cast<double>(d.x) * nm.x) + square(static_cast<double>(d.y) * nm.y) +
         square(static_cast<double>(d.z) * nm.z);
}

inline Array3<std::int64_t> plain_depth(const View3<const std::uint8_t>& mask, const VoxelSize& nm) {
  const Extent e = mask.extent();
  const double shortest = std::min({nm.z, nm.y, nm.x});
  std::vector<GlobalVoxel> outside;
  for_each_voxel(e, [&](auto z, auto y, auto x) {
    if (mask(z, y, x) == 0) outside.push_back({z, y, x});
  });
  Array3<std::int64_t> steps(e), depth(e);
  for_each_voxel(e, [&](auto z, auto y, auto x) {
    double least = std::numeric_limits<double>::infinity();
    for (const GlobalVoxel& o : outside) least = std::min(least, squared_nm({z, y, x}, o, nm));
    steps(z, y, x) = outside.empty() ? 1 : std::llround(std::sqrt(least) / shortest * 256);
  });
  const auto mirrored = [](std::int64_t i, std::int64_t n) {
    return n == 1 ? 0 : i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
  };
  for_each_voxel(e, [&](auto z, auto y, auto x) {
    if (mask(z, y, x) == 0) return;
    const auto weight = [&](int axis, std::int64_t d) {
      const std::int64_t beside = std::llround(128 * (shortest / nm[axis]) * (shortest / nm[axis]));
      return d == 0 ? 1024 - 2 * beside : beside;
    };
    for (int dz = -1; dz <= 1; ++dz)
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx)
          depth(z, y, x) += weight(0, dz) * weight(1, dy) * weight(2, dx) *
                            steps(mirrored(z + dz, e.z), mirrored(y + dy, e.y), mirrored(x + dx, e.x));
  });
  return depth;
}

/// The plateau of a voxel: grown until nothing is added any more.
inline std::set<GlobalVoxel> plateau_of(const Array3<std::int64_t>& heights, const GlobalVoxel& first,
                                        Connectivity connectivity) {
  std::set<GlobalVoxel> plateau{first}, added{first};
  while (!added.empty()) {
    std::set<GlobalVoxel> next;
    for (const GlobalVoxel& v : added)
      for_each_neighbour(heights.extent(), v.z, v.y, v.x, connectivity, [&](auto z, auto y, auto x, bool) {
        if (heights(z, y, x) == heights(v.z, v.y, v.x) && !plateau.contains({z, y, x}))
          next.insert({z, y, x});
      });
    plateau.insert(next.begin(), next.end());
    added = next;
  }
  return plateau;
}

/// The first voxels of all regional maxima.
inline std::set<GlobalVoxel> plain_maxima(const Array3<std::int64_t>& heights, Connectivity connectivity) {
  std::set<GlobalVoxel> maxima;
  for_each_voxel(heights.extent(), [&](auto z, auto y, auto x) {
    if (heights(z, y, x) == 0) return;
    const auto plateau = plateau_of(heights, {z, y, x}, connectivity);
    bool is_highest = true;
    for (const GlobalVoxel& v : plateau)
      for_each_neighbour(heights.extent(), v.z, v.y, v.x, connectivity, [&](auto c, auto b, auto a, bool) {
        is_highest = is_highest && heights(c, b, a) <= heights(z, y, x);
      });
    if (is_highest) maxima.insert(*plateau.begin());
  });
  return maxima;
}

/// In the order in which they are chosen.
inline std::vector<GlobalVoxel> plain_peaks(const Array3<std::int64_t>& heights, const VoxelSize& nm,
                                            double apart, Connectivity connectivity) {
  const auto maxima = plain_maxima(heights, connectivity);
  std::vector<GlobalVoxel> chosen;
  while (true) {
    const GlobalVoxel* best = nullptr;
    for (const GlobalVoxel& v : maxima) {
      const bool is_far = std::all_of(chosen.begin(), chosen.end(), [&](const GlobalVoxel& c) {
        return v != c && squared_nm(v, c, nm) >= apart * apart;
      });
      if (is_far && (best == nullptr || heights(v.z, v.y, v.x) > heights(best->z, best->y, best->x)))
        best = &v;
    }
    if (best == nullptr) return chosen;
    chosen.push_back(*best);
  }
}

/// Level by level, and in each the whole array again and again until nothing changes.
inline Array3<std::uint32_t> plain_flood(const Array3<std::int64_t>& heights,
                                         const Array3<std::uint32_t>& seeds, Connectivity connectivity) {
  auto numbers = Array3<std::uint32_t>::copy_of(seeds.view());
  Array3<std::uint32_t> since(heights.extent());  // when it got its number
  std::uint32_t now = 0;
  std::set<std::int64_t, std::greater<>> levels(heights.voxels().begin(), heights.voxels().end());
  levels.erase(0);
  for (const std::int64_t level : levels)
    for (bool changed = true; changed;) {
      changed = false;
      ++now;
      const auto before = Array3<std::uint32_t>::copy_of(numbers.view());
      for_each_voxel(heights.extent(), [&](auto z, auto y, auto x) {
        if (before(z, y, x) != 0 || heights(z, y, x) < level) return;
        std::set<std::pair<std::uint32_t, std::uint32_t>> beside;  // since when, number
        for_each_neighbour(heights.extent(), z, y, x, connectivity, [&](auto c, auto b, auto a, bool) {
          if (before(c, b, a) != 0) beside.emplace(since(c, b, a), before(c, b, a));
        });
        if (beside.empty()) return;
        numbers(z, y, x) = beside.begin()->second;
        since(z, y, x) = now;
        changed = true;
      });
    }
  return numbers;
}

/// Sizes and faces counted anew after every single joining.
inline void plain_join_small(Array3<std::uint32_t>& parts, std::int64_t min_size, Connectivity connectivity) {
  while (true) {
    std::map<std::uint32_t, std::int64_t> sizes;
    std::map<std::uint32_t, std::map<std::uint32_t, std::int64_t>> faces;
    for_each_voxel(parts.extent(), [&](auto z, auto y, auto x) {
      const std::uint32_t here = parts(z, y, x);
      if (here == 0) return;
      ++sizes[here];
      for_each_neighbour(parts.extent(), z, y, x, connectivity, [&](auto c, auto b, auto a, bool face) {
        const std::uint32_t there = parts(c, b, a);
        if (there != 0 && there != here) faces[here][there] += face ? 1 : 0;
      });
    });
    std::tuple<std::int64_t, std::uint32_t> smallest{min_size, 0};
    for (const auto& [part, size] : sizes)
      if (faces.contains(part)) smallest = std::min(smallest, std::tuple(size, part));
    const std::uint32_t part = std::get<1>(smallest);
    if (part == 0) break;
    std::uint32_t into = 0;
    std::int64_t most = -1;
    for (const auto& [other, shared] : faces[part])
      if (shared > most) std::tie(into, most) = std::pair(other, shared);
    for (std::uint32_t& v : parts.voxels()) v = v == part ? into : v;
  }
  std::map<std::uint32_t, std::uint32_t> numbers{{0, 0}};
  for (std::uint32_t& v : parts.voxels()) v = numbers.try_emplace(v, numbers.size()).first->second;
}

/// \param seeds  Of split_from_seeds; an empty array for split_by_distance.
inline Array3<std::uint32_t> plain_split(const View3<const std::uint8_t>& component,
                                         Array3<std::uint32_t> seeds, const VoxelSize& nm, double apart,
                                         std::int64_t min_size, Connectivity connectivity) {
  const auto depth = plain_depth(component, nm);
  if (seeds.size() == 0) {
    seeds = Array3<std::uint32_t>(component.extent());
    std::uint32_t count = 0;
    for (const GlobalVoxel& v : plain_peaks(depth, nm, apart, connectivity)) seeds(v.z, v.y, v.x) = ++count;
  }
  auto parts = plain_flood(depth, seeds, connectivity);
  plain_join_small(parts, min_size, connectivity);
  return parts;
}

}  // namespace cleft::test
