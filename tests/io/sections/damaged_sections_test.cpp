// What a fuzzer does at length (tests/fuzz), here in short: thousands of images with wrong bytes.

#include <random>

#include <gtest/gtest.h>

#include "io/sections/fuzz_sections.hpp"

namespace cleft {
namespace {

TEST(DamagedSections, AreReadWhileTheyAreNotDamaged) {
  const test::TempDirectory dir;
  for (const std::string& bytes : test::sound_section_files()) {
    test::write_bytes(dir / "s.tif", bytes);
    EXPECT_TRUE(test::use_sections(dir / "s.tif"));
  }
}

TEST(DamagedSections, AreRefusedOrReadButNeverCrash) {
  const test::TempDirectory dir;
  const auto sound = test::sound_section_files();
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255), changes(1, 4);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> data(static_cast<std::size_t>(1 + 4 * changes(random)));
    for (auto& value : data) value = static_cast<std::uint8_t>(byte(random));
    test::write_damaged(sound, data, dir / "s.tif");
    refused += test::use_sections(dir / "s.tif", {.missing = FillMissing::blank}) ? 0 : 1;
  }
  EXPECT_GT(refused, 300);
  EXPECT_LT(refused, 1900);
}

}  // namespace
}  // namespace cleft
