// What a fuzzer does at length (tests/fuzz), here in short: thousands of projects with wrong numbers and
// texts.

#include <random>

#include <gtest/gtest.h>

#include "ilastik/fuzz_project.hpp"

namespace cleft {
namespace {

TEST(DamagedProject, IsReadWholeWhileItIsNotDamaged) {
  EXPECT_TRUE(test::use_project_of_bytes(test::small_project_bytes().sound));
}

TEST(DamagedProject, IsRefusedOrReadButNeverCrashes) {
  const auto [sound, content] = test::small_project_bytes();
  EXPECT_GT(content.size(), 500U);
  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> position(0, content.size() - 1);
  std::uniform_int_distribution<int> byte(0, 255), changes(1, 4);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::vector<char> bytes = sound;
    for (int c = changes(random); c > 0; --c)
      bytes[content[position(random)]] = static_cast<char>(byte(random));
    refused += test::use_project_of_bytes(bytes) ? 0 : 1;
  }
  EXPECT_GT(refused, 1000);
}

TEST(DamagedProject, ThatIsCutOffIsRefused) {
  const auto sound = test::small_project_bytes().sound;
  for (std::size_t kept = 0; kept < sound.size(); kept += 97)
    EXPECT_FALSE(test::use_project_of_bytes(std::span(sound).first(kept))) << kept;
}

}  // namespace
}  // namespace cleft
