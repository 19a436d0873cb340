#include "report/surface.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <meshoptimizer.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// A vector in nm, in double: sums of many small contributions.
struct Vector {
  double x = 0, y = 0, z = 0;
};

Vector as_vector(const SurfacePoint& p) {
  return {p.x, p.y, p.z};
}
Vector minus(const Vector& a, const Vector& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
Vector cross(const Vector& a, const Vector& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
double dot(const Vector& a, const Vector& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

struct Triangle {
  std::size_t a, b, c;
};

Triangle triangle_at(const Surface& surface, std::size_t number) {
  const auto* at = surface.indices.data() + 3 * number;
  return {at[0], at[1], at[2]};
}

/// [point] the sum of the areas of its triangles, times their normals, times 2.
std::vector<Vector> area_normals(const Surface& surface) {
  std::vector<Vector> normals(surface.points.size());
  for (std::size_t t = 0; t < surface.triangles(); ++t) {
    const auto [a, b, c] = triangle_at(surface, t);
    const Vector origin = as_vector(surface.points[a]);
    const Vector normal =
        cross(minus(as_vector(surface.points[b]), origin), minus(as_vector(surface.points[c]), origin));
    for (const std::size_t p : {a, b, c}) {
      normals[p].x += normal.x;
      normals[p].y += normal.y;
      normals[p].z += normal.z;
    }
  }
  return normals;
}

double area_of(const Surface& surface) {
  double twice = 0;
  for (std::size_t t = 0; t < surface.triangles(); ++t) {
    const auto [a, b, c] = triangle_at(surface, t);
    const Vector origin = as_vector(surface.points[a]);
    const Vector normal =
        cross(minus(as_vector(surface.points[b]), origin), minus(as_vector(surface.points[c]), origin));
    twice += std::sqrt(dot(normal, normal));
  }
  return twice / 2;
}

void move_along_normals(Surface& surface, double nm) {
  const auto normals = area_normals(surface);
  for (std::size_t i = 0; i < normals.size(); ++i) {
    const double length = std::sqrt(dot(normals[i], normals[i]));
    if (length == 0) continue;
    auto& p = surface.points[i];
    p.x = static_cast<float>(p.x + nm * normals[i].x / length);
    p.y = static_cast<float>(p.y + nm * normals[i].y / length);
    p.z = static_cast<float>(p.z + nm * normals[i].z / length);
  }
}

/// Newton's steps: the volume changes by the area for each nm that the points move outward.
void restore_volume(Surface& surface, double volume) {
  constexpr int most_steps = 8;
  constexpr double good_enough = 0.002;
  for (int step = 0; step < most_steps; ++step) {
    const double lacking = volume - enclosed_volume(surface), area = area_of(surface);
    if (std::abs(lacking) <= good_enough * volume || area == 0) return;
    move_along_normals(surface, lacking / area);
  }
}

/// The points that each point shares an edge with, one list after the other.
struct Neighbours {
  std::vector<std::size_t> begin;  // [point]
  std::vector<std::uint32_t> points;
};

/// Of a closed surface: each edge comes once in each direction, so once from each of its ends.
Neighbours neighbours_of(const Surface& surface) {
  Neighbours found{std::vector<std::size_t>(surface.points.size() + 1),
                   std::vector<std::uint32_t>(surface.indices.size())};
  for (const auto index : surface.indices) ++found.begin[index + 1];
  for (std::size_t i = 1; i < found.begin.size(); ++i) found.begin[i] += found.begin[i - 1];
  auto next = found.begin;
  for (std::size_t t = 0; t < surface.triangles(); ++t)
    for (std::size_t corner = 0; corner < 3; ++corner)
      found.points[next[surface.indices[3 * t + corner]]++] = surface.indices[3 * t + (corner + 1) % 3];
  return found;
}

void smooth_once(Surface& surface, const Neighbours& neighbours, double factor) {
  const auto before = surface.points;
  for (std::size_t i = 0; i < before.size(); ++i) {
    Vector sum;
    const std::size_t begin = neighbours.begin[i], end = neighbours.begin[i + 1];
    for (std::size_t n = begin; n < end; ++n) {
      const SurfacePoint& other = before[neighbours.points[n]];
      sum.x += other.x;
      sum.y += other.y;
      sum.z += other.z;
    }
    const auto count = narrow<double>(end - begin);
    if (count == 0) continue;
    auto& p = surface.points[i];
    p.x = static_cast<float>(p.x + factor * (sum.x / count - p.x));
    p.y = static_cast<float>(p.y + factor * (sum.y / count - p.y));
    p.z = static_cast<float>(p.z + factor * (sum.z / count - p.z));
  }
}

/// With those points alone that some triangle uses, in the order in which triangles use them.
Surface compacted(const Surface& surface) {
  constexpr auto unused = ~std::uint32_t{0};
  std::vector<std::uint32_t> number(surface.points.size(), unused);
  Surface compact;
  for (const auto index : surface.indices) {
    if (number[index] == unused) {
      number[index] = narrow<std::uint32_t>(compact.points.size());
      compact.points.push_back(surface.points[index]);
    }
    compact.indices.push_back(number[index]);
  }
  return compact;
}

// Relative to the surface's extent: large enough for the number of triangles alone to count.
constexpr float any_error = 1;

}  // namespace

double enclosed_volume(const Surface& surface) {
  if (surface.points.empty()) return 0;
  const Vector origin = as_vector(surface.points.front());
  double six_times = 0;
  for (std::size_t t = 0; t < surface.triangles(); ++t) {
    const auto [a, b, c] = triangle_at(surface, t);
    six_times +=
        dot(minus(as_vector(surface.points[a]), origin),
            cross(minus(as_vector(surface.points[b]), origin), minus(as_vector(surface.points[c]), origin)));
  }
  return six_times / 6;
}

void smooth_surface(Surface& surface, int steps) {
  constexpr double lambda = 0.5, mu = -0.53;  // Taubin 1995: mu a little beyond -lambda
  constexpr double least_share = 0.7;
  const double volume = enclosed_volume(surface);
  const Neighbours neighbours = neighbours_of(surface);
  for (int step = 0; step + 1 < steps; step += 2) {
    auto before = surface.points;
    smooth_once(surface, neighbours, lambda);
    smooth_once(surface, neighbours, mu);
    if (enclosed_volume(surface) >= least_share * volume) continue;
    surface.points = std::move(before);  // a few voxels, of which nothing would be left
    break;
  }
  restore_volume(surface, volume);
}

Surface simplified(const Surface& surface, std::size_t triangles) {
  if (surface.triangles() <= triangles) return surface;
  Surface simple{surface.points, std::vector<std::uint32_t>(surface.indices.size())};
  const std::size_t count = meshopt_simplify(
      simple.indices.data(), surface.indices.data(), surface.indices.size(), &surface.points.front().x,
      surface.points.size(), sizeof(SurfacePoint), 3 * triangles, any_error, 0U, nullptr);
  simple.indices.resize(count);
  simple = compacted(simple);
  restore_volume(simple, enclosed_volume(surface));
  return simple;
}

Surface coarse(const Surface& surface, std::size_t triangles) {
  Surface simple = simplified(surface, triangles);
  if (simple.triangles() <= triangles) return simple;
  std::vector<std::uint32_t> indices(simple.indices.size());
  const std::size_t count = meshopt_simplifySloppy(
      indices.data(), simple.indices.data(), simple.indices.size(), &simple.points.front().x,
      simple.points.size(), sizeof(SurfacePoint), 3 * triangles, any_error, nullptr);
  indices.resize(std::min(count, 3 * triangles));
  simple.indices = std::move(indices);
  return compacted(simple);
}

std::size_t triangles_for(std::int64_t voxels, int base) {
  constexpr double voxels_of_small = 5000, most = 5;
  const double times = std::sqrt(narrow<double>(voxels) / voxels_of_small);
  return static_cast<std::size_t>(std::lround(base * std::clamp(times, 1.0, most)));
}

}  // namespace cleft
