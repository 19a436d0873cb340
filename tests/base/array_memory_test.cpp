#include "base/array_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

constexpr std::size_t alignment = 64;
constexpr std::int64_t mebibyte = 1 << 20;

std::size_t past(const void* memory, std::size_t unit) {
  return reinterpret_cast<std::uintptr_t>(memory) % unit;
}

TEST(ArrayMemory, OfLargeArraysIsWholeHugePages) {
  EXPECT_EQ(array_memory(0), 0);
  EXPECT_EQ(array_memory(8 * mebibyte - 1), 8 * mebibyte - 1);
  if (!has_huge_pages) GTEST_SKIP() << "the sanitizer has its own memory";
  EXPECT_EQ(array_memory(8 * mebibyte), 8 * mebibyte);
  EXPECT_EQ(array_memory(8 * mebibyte + 1), 10 * mebibyte);
  EXPECT_EQ(array_memory(10 * mebibyte), 10 * mebibyte);
}

TEST(ArrayMemory, IsAlignedCanBeWrittenToItsEndAndIsZeroWhereItSaysSo) {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{4096}, large_array_bytes - 1, large_array_bytes,
                                  large_array_bytes + 1, large_array_bytes + huge_page_bytes / 2}) {
    std::vector<std::uint8_t*> arrays;
    for (int i = 0; i < 3; ++i) {
      auto* array = static_cast<std::uint8_t*>(allocate_array(bytes, alignment));
      EXPECT_EQ(past(array, alignment), 0U);
      if (is_zeroed_array(bytes)) {
        EXPECT_EQ(past(array, huge_page_bytes), 0U);
        EXPECT_EQ(std::count(array, array + bytes, 0), static_cast<std::ptrdiff_t>(bytes));
      }
      std::fill_n(array, bytes, static_cast<std::uint8_t>(i + 1));
      arrays.push_back(array);
    }
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(
          std::count(arrays[static_cast<std::size_t>(i)], arrays[static_cast<std::size_t>(i)] + bytes, i + 1),
          static_cast<std::ptrdiff_t>(bytes))
          << "arrays of " << bytes << " overlap";
    for (auto* array : arrays) free_array(array, bytes, alignment);
  }
}

TEST(ArrayMemory, ThatIsNotThereIsRefused) {
  if (!has_huge_pages) GTEST_SKIP() << "the sanitizer ends the program";
  for (const std::size_t bytes : {std::size_t{1} << 60U, std::numeric_limits<std::size_t>::max()})
    EXPECT_THROW(allocate_array(bytes, alignment), std::bad_alloc);
}

TEST(ArrayMemory, OfNothingIsFreedSilently) {
  free_array(nullptr, 0, alignment);
  free_array(nullptr, large_array_bytes, alignment);
}

}  // namespace
}  // namespace cleft
