#include "report/surface.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <numbers>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/narrow.hpp"
#include "report/voxel_surface.hpp"

namespace cleft {
namespace {

using Inside = std::function<bool(double z, double y, double x)>;

/// The voxels whose centres satisfy a condition; centres at whole numbers.
Array3<std::uint8_t> voxels_of(const Extent& extent, const Inside& inside) {
  Array3<std::uint8_t> mask(extent);
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x)
        mask(z, y, x) = inside(narrow<double>(z), narrow<double>(y), narrow<double>(x)) ? 1 : 0;
  return mask;
}

double volume_of(const Array3<std::uint8_t>& mask, const VoxelSize& size) {
  std::int64_t count = 0;
  for (const auto voxel : mask.voxels()) count += voxel;
  return narrow<double>(count) * size.z * size.y * size.x;
}

/// Each edge of a closed surface is used by two triangles, once in each direction.
::testing::AssertionResult is_closed(const Surface& surface) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> used;
  for (std::size_t i = 0; i < surface.indices.size(); i += 3)
    for (std::size_t k = 0; k < 3; ++k) ++used[{surface.indices[i + k], surface.indices[i + (k + 1) % 3]}];
  for (const auto& [edge, count] : used) {
    if (count != 1) return ::testing::AssertionFailure() << "an edge is used " << count << " times";
    const auto back = used.find({edge.second, edge.first});
    if (back == used.end()) return ::testing::AssertionFailure() << "an edge has one triangle";
  }
  return ::testing::AssertionSuccess();
}

/// What is left of that after edges were collapsed: as many triangles on one side of each edge as on the
/// other.
::testing::AssertionResult is_balanced(const Surface& surface) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> used;
  for (std::size_t i = 0; i < surface.indices.size(); i += 3)
    for (std::size_t k = 0; k < 3; ++k) {
      const auto a = surface.indices[i + k], b = surface.indices[i + (k + 1) % 3];
      used[{std::min(a, b), std::max(a, b)}] += a < b ? 1 : -1;
    }
  for (const auto& [edge, sum] : used)
    if (sum != 0) return ::testing::AssertionFailure() << "an edge has " << sum << " triangles too many";
  return ::testing::AssertionSuccess();
}

bool in_torus(double z, double y, double x) {
  const double around = std::hypot(y - 20, x - 20) - 12;
  return around * around + (z - 8) * (z - 8) <= 25;
}

const VoxelSize isotropic{5, 5, 5}, thick{40, 4, 4};

/// Shapes by name: what the surface of an object may look like.
std::map<std::string, Array3<std::uint8_t>> shapes() {
  std::map<std::string, Array3<std::uint8_t>> all;
  all["sphere"] = voxels_of({21, 21, 21}, [](double z, double y, double x) {
    return (z - 10) * (z - 10) + (y - 10) * (y - 10) + (x - 10) * (x - 10) <= 81;
  });
  all["torus"] = voxels_of({17, 41, 41}, in_torus);
  all["cut by the volume's edge"] = voxels_of({10, 21, 21}, [](double z, double y, double x) {
    return z * z + (y - 10) * (y - 10) + (x - 10) * (x - 10) <= 81;
  });
  all["one voxel"] = voxels_of({1, 1, 1}, [](double, double, double) { return true; });
  all["a sheet of one voxel"] = voxels_of({1, 30, 30}, [](double, double, double) { return true; });
  all["a slanted sheet"] = voxels_of({30, 30, 30}, [](double z, double y, double) { return z == y; });
  all["two touching at an edge"] = voxels_of({1, 2, 2}, [](double, double y, double x) { return y == x; });
  all["two touching at a corner"] =
      voxels_of({2, 2, 2}, [](double z, double y, double x) { return z == y && y == x; });
  return all;
}

/// Voxels set by chance: every way in which voxels can meet.
Array3<std::uint8_t> noise(std::uint64_t seed) {
  std::uint64_t state = seed;
  return voxels_of({9, 10, 11}, [&](double, double, double) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return state >> 62U == 0;
  });
}

TEST(VoxelSurface, is_closed_and_encloses_its_voxels) {
  for (const auto& [name, mask] : shapes())
    for (const VoxelSize& size : {isotropic, thick}) {
      const Surface surface = voxel_surface(mask.view(), size);
      EXPECT_TRUE(is_closed(surface)) << name;
      EXPECT_NEAR(enclosed_volume(surface), volume_of(mask, size), 1e-5 * volume_of(mask, size)) << name;
    }
}

TEST(VoxelSurface, is_closed_however_voxels_meet) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto mask = noise(seed);
    const Surface surface = voxel_surface(mask.view(), isotropic);
    ASSERT_TRUE(is_closed(surface)) << seed;
    ASSERT_NEAR(enclosed_volume(surface), volume_of(mask, isotropic), 1) << seed;
  }
}

TEST(VoxelSurface, of_nothing_is_empty) {
  const Array3<std::uint8_t> empty({3, 3, 3});
  EXPECT_TRUE(voxel_surface(empty.view(), isotropic).indices.empty());
}

TEST(Surface, smoothed_is_closed_faces_outward_and_keeps_its_volume) {
  for (const auto& [name, mask] : shapes())
    for (const VoxelSize& size : {isotropic, thick}) {
      Surface surface = voxel_surface(mask.view(), size);
      smooth_surface(surface);
      EXPECT_TRUE(is_closed(surface)) << name;
      EXPECT_NEAR(enclosed_volume(surface), volume_of(mask, size), 0.1 * volume_of(mask, size)) << name;
    }
}

TEST(Surface, of_a_sphere_lies_near_it) {
  Surface surface = voxel_surface(shapes().at("sphere").view(), isotropic);
  smooth_surface(surface);
  for (const SurfacePoint& p : surface.points) {
    // The centre of voxel 10 lies at 52.5 nm; voxels reach half a voxel beyond the radius on average 0.
    const double radius =
        std::sqrt((p.x - 52.5) * (p.x - 52.5) + (p.y - 52.5) * (p.y - 52.5) + (p.z - 52.5) * (p.z - 52.5));
    EXPECT_NEAR(radius, 45.5, 3.5);
  }
}

TEST(Surface, simplified_has_no_more_triangles_and_keeps_its_volume) {
  for (const auto* name : {"sphere", "torus", "cut by the volume's edge", "a slanted sheet"}) {
    const auto mask = std::move(shapes().at(name));
    Surface surface = voxel_surface(mask.view(), isotropic);
    smooth_surface(surface);
    ASSERT_GT(surface.triangles(), 800U) << name;
    const Surface simple = simplified(surface, 800);
    EXPECT_LE(simple.triangles(), 800U) << name;
    EXPECT_TRUE(is_balanced(simple)) << name;
    const double volume = volume_of(mask, isotropic);
    EXPECT_NEAR(enclosed_volume(simple), volume, 0.1 * volume) << name;
    EXPECT_EQ(simplified(surface, 800).indices, simple.indices) << "the same each time";
  }
}

TEST(Surface, coarse_never_has_more_triangles) {
  for (const auto& [name, mask] : shapes()) {
    Surface surface = voxel_surface(mask.view(), isotropic);
    EXPECT_LE(coarse(surface, 60).triangles(), 60U) << name;
    EXPECT_GT(coarse(surface, 60).triangles(), 3U) << name;
  }
  const auto scattered = voxels_of({30, 30, 30}, [](double z, double y, double x) {
    return std::fmod(z + y + x, 3) == 0 && std::fmod(z, 2) == 0;
  });
  EXPECT_LE(coarse(voxel_surface(scattered.view(), isotropic), 60).triangles(), 60U);
}

TEST(Surface, triangles_grow_with_the_object) {
  EXPECT_EQ(triangles_for(10, 800), 800U);
  EXPECT_EQ(triangles_for(5000, 800), 800U);
  EXPECT_EQ(triangles_for(20000, 800), 1600U);
  EXPECT_EQ(triangles_for(1000000, 800), 4000U);
}

}  // namespace
}  // namespace cleft
