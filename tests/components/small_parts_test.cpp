#include "components/small_parts.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/plain_split.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using test::values_of;

Array3<std::uint32_t> parts_of(const std::vector<std::string>& rows) {
  Array3<std::uint32_t> parts({1, std::ssize(rows), std::ssize(rows[0])});
  auto voxel = parts.voxels().begin();
  for (const std::string& row : rows)
    for (const char c : row) *voxel++ = static_cast<std::uint32_t>(c == '.' ? 0 : c - '0');
  return parts;
}

void expect_joined(const std::vector<std::string>& before, std::int64_t min_size,
                   const std::vector<std::string>& after, Connectivity connectivity = Connectivity::six) {
  auto parts = parts_of(before);
  const std::uint32_t count = join_small_parts(parts, 9, min_size, connectivity);
  EXPECT_EQ(values_of(parts), values_of(parts_of(after)));
  EXPECT_EQ(count, *std::max_element(parts.voxels().begin(), parts.voxels().end()));
}

TEST(SmallPartsTest, GoToTheNeighbourWithMostFaces) {
  expect_joined({"1113", "2223", "2222"}, 3, {"1112", "2222", "2222"});
  expect_joined({"1113", "2233"}, 2, {"1112", "3322"});
}

TEST(SmallPartsTest, OfEqualNeighboursToTheOneWithTheLowestNumber) {
  expect_joined({"5552444"}, 2, {"1112222"});
}

TEST(SmallPartsTest, TheSmallestFirst) {
  // 3 goes to 2, which is then large enough.
  expect_joined({"111112223"}, 4, {"111112222"});
  // Of equal ones the lowest number: 2 joins 1, and 3 what that has become.
  expect_joined({"11112233"}, 3, {"11111111"});
}

TEST(SmallPartsTest, NeighboursOverAnEdgeAreNeighboursWithoutAFace) {
  expect_joined({"11.", "..2"}, 2, {"11.", "..2"});
  expect_joined({"11.", "..2"}, 2, {"11.", "..1"}, Connectivity::eighteen);
  expect_joined({"11.3", "..23"}, 2, {"11.2", "..22"}, Connectivity::eighteen);
}

TEST(SmallPartsTest, AreNumberedByTheirFirstVoxels) {
  expect_joined({"77.33.11"}, 1, {"11.22.33"});
}

TEST(SmallPartsTest, AsCountingAllAnew) {
  Random random(4);
  for (const auto connectivity : test::all_connectivities)
    for (const std::int64_t min_size : {1, 3, 8, 40, 10000}) {
      Array3<std::uint32_t> parts({4, 9, 10});
      const std::uint32_t count = 30;
      for (auto& part : parts.voxels()) part = random.below(4) == 0 ? 0 : random.below(count + 1);
      auto expected = Array3<std::uint32_t>::copy_of(parts.view());
      test::plain_join_small(expected, min_size, connectivity);
      join_small_parts(parts, count, min_size, connectivity);
      EXPECT_EQ(values_of(parts), values_of(expected));
    }
}

}  // namespace
}  // namespace cleft
