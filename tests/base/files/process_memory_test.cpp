#include "base/files/process_memory.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/sanitizers.hpp"

namespace cleft {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;

TEST(ProcessMemory, LargeArraysAreGivenBackWhateverWasFreedBefore) {
  if (test::under_address_sanitizer()) GTEST_SKIP() << "the sanitizer keeps freed memory";
  return_large_arrays();
  return_small_arrays();  // which earlier tests have left
  const auto before = resident_bytes();
  std::vector<std::vector<char>> small;
  for (int round = 0; round < 4; ++round) {
    // A growing array each time, and in between what would keep a heap from shrinking.
    const std::vector<char> large(static_cast<std::size_t>((8 + 4 * round) * mebibyte), 1);
    EXPECT_GE(resident_bytes(), before + static_cast<std::int64_t>(large.size()));
    small.emplace_back(1000, 1);
  }
  EXPECT_LE(resident_bytes(), before + 4 * mebibyte);
  // 20 MiB at once, but the kernel adds pages up in batches.
  EXPECT_GE(peak_resident_bytes(), before + 18 * mebibyte);
}

}  // namespace
}  // namespace cleft
