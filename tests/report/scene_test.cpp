#include "report/scene.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The bytes that a text in base64 stands for, by the definition.
std::vector<std::uint8_t> decoded(const std::string& text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6U | narrow<std::uint32_t>(digits.find(c));
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes.push_back(narrow<std::uint8_t>(bits >> have & 0xffU));
    }
  }
  return bytes;
}

const Surface tetrahedron{{{0, 0, 0}, {100, 0, 0}, {0, 200, 0}, {0, 0, 50}},
                          {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3}};

TEST(Scene, packs_points_to_within_half_a_step) {
  const PerAxis<double> offset{1000, 2000, 3000};
  const PackedFrame frame = frame_of(tetrahedron, offset);
  EXPECT_EQ(frame.origin_nm, offset);
  EXPECT_NEAR(frame.step_nm, 200.0 / 65535, 1e-12);
  const PackedSurface packed_surface = packed(tetrahedron, offset, frame);
  EXPECT_EQ(packed_surface.indices, tetrahedron.indices);
  for (std::size_t i = 0; i < tetrahedron.points.size(); ++i) {
    EXPECT_NEAR(frame.origin_nm.x + frame.step_nm * packed_surface.positions[3 * i],
                3000 + tetrahedron.points[i].x, frame.step_nm);
    EXPECT_NEAR(frame.origin_nm.y + frame.step_nm * packed_surface.positions[3 * i + 1],
                2000 + tetrahedron.points[i].y, frame.step_nm);
    EXPECT_NEAR(frame.origin_nm.z + frame.step_nm * packed_surface.positions[3 * i + 2],
                1000 + tetrahedron.points[i].z, frame.step_nm);
  }
}

TEST(Scene, leaves_out_triangles_without_an_area) {
  const PackedFrame wide = frame_of({0, 0, 0}, {1e9, 1e9, 1e9});
  EXPECT_TRUE(packed(tetrahedron, {0, 0, 0}, wide).indices.empty());
}

TEST(Scene, base64_is_of_little_endian_bytes) {
  EXPECT_EQ(base64(std::vector<std::uint16_t>{0x0102, 0xff00}), "AgEA/w==");
  EXPECT_EQ(base64(std::vector<std::uint32_t>{0x01020304}), "BAMCAQ==");
  EXPECT_EQ(base64(std::vector<std::uint16_t>{}), "");
  for (std::size_t count = 0; count < 12; ++count) {
    std::vector<std::uint16_t> numbers;
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < count; ++i) {
      numbers.push_back(narrow<std::uint16_t>(i * 5417 % 65536));
      bytes.push_back(narrow<std::uint8_t>(numbers.back() & 0xffU));
      bytes.push_back(narrow<std::uint8_t>(numbers.back() >> 8U));
    }
    EXPECT_EQ(decoded(base64(numbers)), bytes);
    EXPECT_EQ(base64(numbers).size() % 4, 0U);
  }
}

TEST(Scene, puts_objects_one_behind_the_other) {
  Scene scene(frame_of({0, 0, 0}, {10, 20, 30}));
  scene.add(3, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 1, 2});
  scene.add(8, {11, 12, 13, 14, 15, 16, 17, 18, 19}, {2, 1, 0, 0, 1, 2});
  const auto content = nlohmann::json::parse(scene.json({0, 0, 0}, {10, 20, 30}));
  EXPECT_EQ(content["ids"], (nlohmann::json{3, 8}));
  EXPECT_EQ(content["first_index"], (nlohmann::json{0, 3, 9}));
  EXPECT_EQ(content["box_nm"], (nlohmann::json{{0.0, 0.0, 0.0}, {10.0, 20.0, 30.0}}));
  const auto indices = decoded(content["indices"]);
  std::vector<int> numbers;
  for (std::size_t i = 0; i < indices.size(); i += 4) numbers.push_back(indices[i]);
  EXPECT_EQ(numbers, (std::vector<int>{0, 1, 2, 5, 4, 3, 3, 4, 5}));
  EXPECT_EQ(decoded(content["positions"]).size(), 36U);
}

}  // namespace
}  // namespace cleft
