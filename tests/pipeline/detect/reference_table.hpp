#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/box.hpp"

namespace cleft::test {

/// The table has 9 significant digits.
inline constexpr double table_rounding = 1e-8;

using Matrix3 = std::array<std::array<double, 3>, 3>;

/// A row of the object table as it should be.
struct ReferenceRow {
  std::map<std::string, double> values;  ///< by column, the normal's excepted
  Matrix3 covariance;                    ///< of positions in nm, each voxel a solid box
  double ratio_tolerance = 0;            ///< of its decisive ratio
};

/// The table's columns in their order.
inline constexpr auto reference_header =
    "id,first_z,first_y,first_x,size_voxels,volume_nm3,"
    "centroid_z_voxels,centroid_y_voxels,centroid_x_voxels,centroid_z_nm,centroid_y_nm,centroid_x_nm,"
    "begin_z,begin_y,begin_x,end_z,end_y,end_x,core_size_voxels,core_count,largest_core_voxels,"
    "mean_probability,max_probability,decisive_ratio,accepted,long_axis_nm,middle_axis_nm,short_axis_nm,"
    "normal_z,normal_y,normal_x,"
    "flatness,elongation,touches_edge";

/// Eigenvalues of a symmetric matrix, ascending: Jacobi's rotations.
inline std::array<double, 3> eigenvalues_of(Matrix3 a) {
  for (int sweep = 0; sweep < 60; ++sweep)
    for (std::size_t p = 0; p < 2; ++p)
      for (std::size_t q = p + 1; q < 3; ++q) {
        if (a[p][q] == 0) continue;
        const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const double t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (std::size_t k = 0; k < 3; ++k) {
          const double kp = a[k][p], kq = a[k][q];
          a[k][p] = c * kp - s * kq;
          a[k][q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < 3; ++k) {
          const double pk = a[p][k], qk = a[q][k];
          a[p][k] = c * pk - s * qk;
          a[q][k] = s * pk + c * qk;
        }
      }
  std::array<double, 3> values{a[0][0], a[1][1], a[2][2]};
  std::sort(values.begin(), values.end());
  return values;
}

/// \param core_sizes  Of the core components inside, by any number.
inline ReferenceRow reference_row(std::uint64_t id, const std::vector<GlobalVoxel>& voxels,
                                  const std::map<std::uint64_t, std::int64_t>& core_sizes,
                                  const Array3<std::uint8_t>& probability, const VoxelSize& voxel_size) {
  ReferenceRow row;
  auto& v = row.values;
  const auto count = static_cast<double>(voxels.size());
  v["id"] = static_cast<double>(id);
  v["size_voxels"] = count;
  v["volume_nm3"] = count * voxel_size.z * voxel_size.y * voxel_size.x;
  v["core_count"] = static_cast<double>(core_sizes.size());
  v["core_size_voxels"] = v["largest_core_voxels"] = 0;
  for (const auto& [core, size] : core_sizes) {
    v["core_size_voxels"] += static_cast<double>(size);
    v["largest_core_voxels"] = std::max(v["largest_core_voxels"], static_cast<double>(size));
  }
  for (const GlobalVoxel& p : voxels) {
    const double stored = probability(p.z, p.y, p.x) / 255.0;
    v["mean_probability"] += stored / count;
    v["max_probability"] = std::max(v["max_probability"], stored);
  }
  PerAxis<double> mean;
  const Extent extent = probability.extent();
  const auto along = [](const GlobalVoxel& p, int axis) {
    return static_cast<double>(axis == 0 ? p.z : axis == 1 ? p.y : p.x);
  };
  v["touches_edge"] = 0;
  for (int axis = 0; axis < 3; ++axis) {
    const std::string name(1, "zyx"[axis]);
    double low = along(voxels.front(), axis), high = low;
    for (const GlobalVoxel& p : voxels) {
      mean[axis] += along(p, axis) / count;
      low = std::min(low, along(p, axis));
      high = std::max(high, along(p, axis));
    }
    v["first_" + name] = along(voxels.front(), axis);
    v["begin_" + name] = low;
    v["end_" + name] = high + 1;
    v["centroid_" + name + "_voxels"] = mean[axis];
    v["centroid_" + name + "_nm"] = mean[axis] * voxel_size[axis];
    if (low == 0 || high + 1 == static_cast<double>(extent[axis])) v["touches_edge"] = 1;
  }
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      double sum = a == b ? count / 12 : 0;
      for (const GlobalVoxel& p : voxels) sum += (along(p, a) - mean[a]) * (along(p, b) - mean[b]);
      row.covariance[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] =
          sum / count * voxel_size[a] * voxel_size[b];
    }
  const auto eigenvalues = eigenvalues_of(row.covariance);
  v["short_axis_nm"] = 2 * std::sqrt(5 * eigenvalues[0]);
  v["middle_axis_nm"] = 2 * std::sqrt(5 * eigenvalues[1]);
  v["long_axis_nm"] = 2 * std::sqrt(5 * eigenvalues[2]);
  v["flatness"] = v["middle_axis_nm"] / v["short_axis_nm"];
  v["elongation"] = v["long_axis_nm"] / v["middle_axis_nm"];
  return row;
}

/// The normal is a unit vector with positive largest component that the covariance only shrinks by its least
/// eigenvalue; where two eigenvalues are equal, any such vector will do.
inline void expect_normal(const std::array<double, 3>& normal, const ReferenceRow& row) {
  double square = 0, largest = 0;
  const auto eigenvalues = eigenvalues_of(row.covariance);
  for (std::size_t a = 0; a < 3; ++a) {
    square += normal[a] * normal[a];
    if (std::abs(normal[a]) > std::abs(largest)) largest = normal[a];
    double image = 0;
    for (std::size_t b = 0; b < 3; ++b) image += row.covariance[a][b] * normal[b];
    EXPECT_NEAR(image, eigenvalues[0] * normal[a], table_rounding * eigenvalues[2]);
  }
  EXPECT_NEAR(square, 1, table_rounding);
  EXPECT_GT(largest, 0);
}

/// Whether a table (CSV) says what it should: counts and positions exactly, everything else to rounding.
inline void expect_table(const std::string& csv, const std::vector<ReferenceRow>& rows) {
  std::istringstream lines(csv);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  ASSERT_EQ(line, reference_header);
  for (const ReferenceRow& row : rows) {
    ASSERT_TRUE(std::getline(lines, line)) << "a row is missing";
    std::istringstream names(reference_header), cells(line);
    std::array<double, 3> normal{};
    std::string name, cell;
    while (std::getline(names, name, ',') && std::getline(cells, cell, ',')) {
      const double value = std::stod(cell);
      if (name.starts_with("normal_")) {
        normal[std::string("zyx").find(name.back())] = value;
      } else {
        const double expected = row.values.at(name);
        const bool is_whole = expected == std::floor(expected);
        const double tolerance = name == "decisive_ratio" ? row.ratio_tolerance
                                 : is_whole               ? 1e-12
                                                          : table_rounding;
        EXPECT_NEAR(value, expected, tolerance * std::abs(expected)) << name;
      }
    }
    expect_normal(normal, row);
  }
  EXPECT_FALSE(std::getline(lines, line)) << "a row too many: " << line;
}

}  // namespace cleft::test
