#include "report/outline.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

struct Point {
  double x = 0, y = 0;
};

/// Reads a path of M, H, V, h, v and Z back.
std::vector<std::vector<Point>> polygons_of(const std::string& path) {
  std::vector<std::vector<Point>> polygons;
  Point at;
  const char* text = path.c_str();
  const auto number = [&] {
    char* end = nullptr;
    const double value = std::strtod(text, &end);
    text = end;
    return value;
  };
  while (*text != '\0') {
    const char command = *text++;
    if (command == 'M') {
      at.x = number();
      at.y = number();
      polygons.emplace_back();
    }
    if (command == 'H') at.x = number();
    if (command == 'V') at.y = number();
    if (command == 'h') at.x += number();
    if (command == 'v') at.y += number();
    if (command != 'Z') polygons.back().push_back(at);
  }
  return polygons;
}

/// The even-odd rule: how many edges lie to the left of a point.
bool is_inside(const std::vector<std::vector<Point>>& polygons, double x, double y) {
  bool inside = false;
  for (const auto& polygon : polygons)
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      const Point &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
      if (a.x == b.x && a.x < x && (a.y < y) != (b.y < y)) inside = !inside;
    }
  return inside;
}

void expect_outlines(const std::vector<std::uint8_t>& mask, std::int64_t rows, std::int64_t columns,
                     const PixelAxis& along_rows, const PixelAxis& along_columns) {
  const auto polygons = polygons_of(outline_path(mask, rows, columns, along_rows, along_columns));
  for (std::int64_t row = -1; row <= rows; ++row)
    for (std::int64_t column = -1; column <= columns; ++column) {
      const bool in_mask = row >= 0 && column >= 0 && row < rows && column < columns &&
                           mask[to_size(row * columns + column)] != 0;
      const double y = along_rows.begin + along_rows.pixels_per_voxel * (narrow<double>(row) + 0.5);
      const double x = along_columns.begin + along_columns.pixels_per_voxel * (narrow<double>(column) + 0.5);
      ASSERT_EQ(is_inside(polygons, x, y), in_mask) << "row " << row << ", column " << column;
    }
}

TEST(Outline, of_one_voxel_is_a_square) {
  EXPECT_EQ(outline_path(std::vector<std::uint8_t>{1}, 1, 1, {}, {}), "M1 0V1H0V0Z");
  EXPECT_EQ(outline_path(std::vector<std::uint8_t>{0}, 1, 1, {}, {}), "");
}

TEST(Outline, filled_by_the_even_odd_rule_is_the_mask) {
  std::uint64_t state = 7;
  for (int trial = 0; trial < 60; ++trial) {
    const std::int64_t rows = 1 + trial % 7, columns = 1 + trial % 9;
    std::vector<std::uint8_t> mask(to_size(rows * columns));
    for (auto& voxel : mask) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      voxel = state >> 63U != 0 ? 1 : 0;
    }
    expect_outlines(mask, rows, columns, {}, {});
    expect_outlines(mask, rows, columns, {.begin = 12.25, .pixels_per_voxel = 9.77},
                    {.begin = -3.5, .pixels_per_voxel = 0.61});
  }
}

TEST(Outline, of_voxels_that_meet_at_a_corner_is_two_polygons) {
  EXPECT_EQ(polygons_of(outline_path(std::vector<std::uint8_t>{1, 0, 0, 1}, 2, 2, {}, {})).size(), 2U);
}

TEST(Outline, turns_only_where_the_border_does) {
  const auto polygons = polygons_of(outline_path(std::vector<std::uint8_t>(20, 1), 4, 5, {}, {}));
  ASSERT_EQ(polygons.size(), 1U);
  EXPECT_EQ(polygons[0].size(), 4U);
}

TEST(Outline, writes_the_shorter_command) {
  // From 1234 to 1236: h2 is shorter than H1236.
  const std::string path =
      outline_path(std::vector<std::uint8_t>{1}, 1, 1, {.begin = 1000, .pixels_per_voxel = 2},
                   {.begin = 1234, .pixels_per_voxel = 2});
  EXPECT_EQ(path, "M1236 1000v2h-2v-2Z");
}

}  // namespace
}  // namespace cleft
