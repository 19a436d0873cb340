#include "base/array3.hpp"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

const Extent extent{3, 4, 5};

/// Each voxel holds its own place in z, y, x order.
Array3<std::int32_t> numbered() {
  Array3<std::int32_t> array(extent);
  std::iota(array.data(), array.data() + array.size(), 0);
  return array;
}

std::int32_t number_of(std::int64_t z, std::int64_t y, std::int64_t x) {
  return static_cast<std::int32_t>(20 * z + 5 * y + x);  // 20 voxels per section, 5 per row
}

TEST(Array3, BeginsAsZeros) {
  for (int n = 0; n < 3; ++n) {  // also where memory was used before
    Array3<float> array({7, 11, 13});
    EXPECT_TRUE(std::ranges::all_of(array.voxels(), [](float v) { return v == 0; }));
    array.fill(1.5F);
    EXPECT_TRUE(std::ranges::all_of(array.voxels(), [](float v) { return v == 1.5F; }));
  }
}

/// Also where memory of huge pages that was written to has just been freed.
TEST(Array3, BeginsAsZerosHoweverLarge) {
  for (const std::int64_t sections : {1, 8, 9}) {
    const Extent large{sections, 1024, 1024};
    for (int round = 0; round < 2; ++round) {
      Array3<std::uint8_t> array(large);
      EXPECT_EQ(std::count(array.voxels().begin(), array.voxels().end(), 0), array.size());
      array.fill(7);
      EXPECT_EQ(array(sections - 1, 1023, 1023), 7);
    }
  }
}

TEST(Array3, StatesTheMemoryItTakes) {
  EXPECT_EQ(Array3<float>::memory({2, 3, 4}), 96);
  EXPECT_EQ(Array3<std::uint64_t>::memory({1, 1024, 1025}), array_memory(8 * 1024 * 1025));
}

TEST(Array3, KeepsXContiguousAndZSlowest) {
  const Array3<std::int32_t> array = numbered();
  EXPECT_EQ(array.size(), 60);
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      EXPECT_EQ(array.row(z, y), &array(z, y, 0));
      for (std::int64_t x = 0; x < extent.x; ++x) {
        EXPECT_EQ(array(z, y, x), number_of(z, y, x));
        EXPECT_EQ(array(z, y, x),
                  array.voxels()[static_cast<std::size_t>(linear_index(LocalVoxel{z, y, x}, extent))]);
      }
    }
}

TEST(Array3, IsAlignedForSimdWhateverItsType) {
  const auto misaligned = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 64; };
  for (std::int64_t x = 1; x < 20; ++x) {
    EXPECT_EQ(misaligned(Array3<std::uint8_t>({1, 3, x}).data()), 0U);
    EXPECT_EQ(misaligned(Array3<float>({3, 1, x}).data()), 0U);
    EXPECT_EQ(misaligned(Array3<std::uint64_t>({1, 1, x}).data()), 0U);
  }
}

TEST(Array3, MovesWithoutCopyingAndIsCopiedByNameOnly) {
  static_assert(!std::is_copy_constructible_v<Array3<float>> && !std::is_copy_assignable_v<Array3<float>>);
  static_assert(std::is_nothrow_move_constructible_v<Array3<float>>);
  Array3<std::int32_t> array = numbered();
  const std::int32_t* const memory = array.data();
  const Array3<std::int32_t> moved = std::move(array);
  EXPECT_EQ(moved.data(), memory);
  EXPECT_EQ(moved.extent(), extent);
  EXPECT_EQ(moved(2, 3, 4), 59);
}

TEST(Array3, MayHoldNothing) {
  EXPECT_EQ(Array3<float>().size(), 0);
  Array3<float> array({0, 4, 5});
  EXPECT_TRUE(array.voxels().empty());
  array.fill(1);
}

TEST(View3, SharesTheVoxelsItLooksAt) {
  Array3<std::int32_t> array = numbered();
  array.view()(1, 2, 3) = -1;
  EXPECT_EQ(array(1, 2, 3), -1);
  const View3<const std::int32_t> read_only = array.view();  // a mutable view can be read
  array(0, 0, 0) = -2;
  EXPECT_EQ(read_only(0, 0, 0), -2);
  static_assert(!std::is_convertible_v<View3<const int>, View3<int>>);
}

TEST(View3, PartBeginsWhereItSaysAndKeepsTheStrides) {
  Array3<std::int32_t> array = numbered();
  const View3<std::int32_t> part = array.view().part({1, 1, 2}, {2, 3, 2});
  EXPECT_EQ(part.extent(), (Extent{2, 3, 2}));
  EXPECT_FALSE(part.contiguous());
  for (std::int64_t z = 0; z < 2; ++z)
    for (std::int64_t y = 0; y < 3; ++y)
      for (std::int64_t x = 0; x < 2; ++x) EXPECT_EQ(part(z, y, x), number_of(z + 1, y + 1, x + 2));
}

TEST(View3, PartOfAPartIsAPartOfTheWhole) {
  Array3<std::int32_t> array = numbered();
  const auto outer = array.view().part({1, 0, 1}, {2, 4, 4}), inner = outer.part({1, 2, 3}, {1, 2, 1});
  EXPECT_EQ(inner.data(), &array(2, 2, 4));
  inner(0, 1, 0) = -7;
  EXPECT_EQ(array(2, 3, 4), -7);
}

TEST(View3, IsContiguousWhenNoVoxelLiesBetweenItsOwn) {
  Array3<std::int32_t> array(extent);
  EXPECT_TRUE(array.view().contiguous());
  EXPECT_TRUE(array.view().part({1, 0, 0}, {2, 4, 5}).contiguous());   // whole sections
  EXPECT_FALSE(array.view().part({0, 1, 0}, {2, 3, 5}).contiguous());  // rows are left out between sections
  EXPECT_FALSE(array.view().part({0, 0, 0}, {3, 4, 4}).contiguous());  // voxels are left out between rows
}

TEST(View3, CopyOfAStridedPartIsContiguousAndItsOwn) {
  Array3<std::int32_t> array = numbered();
  const auto part = array.view().part({0, 1, 2}, {3, 2, 3});
  const auto copy = Array3<std::int32_t>::copy_of(part);
  EXPECT_EQ(copy.extent(), part.extent());
  EXPECT_TRUE(copy.view().contiguous());
  array.fill(-1);
  std::vector<std::int32_t> expected;
  for (std::int64_t z = 0; z < 3; ++z)
    for (std::int64_t y = 0; y < 2; ++y)
      for (std::int64_t x = 0; x < 3; ++x) expected.push_back(number_of(z, y + 1, x + 2));
  EXPECT_TRUE(std::ranges::equal(copy.voxels(), expected));
}

TEST(View3, OverForeignMemoryUsesTheStridesItIsGiven) {
  std::vector<std::int32_t> memory(100);
  std::iota(memory.begin(), memory.end(), 0);
  const View3<std::int32_t> view(memory.data() + 3, {2, 3, 4}, 40, 10);
  EXPECT_EQ(view(0, 0, 0), 3);
  EXPECT_EQ(view(1, 2, 3), 3 + 40 + 20 + 3);
  EXPECT_EQ(view.row(1, 1) - view.data(), 50);
}

}  // namespace
}  // namespace cleft
