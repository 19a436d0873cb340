// What a fuzzer does at length (tests/fuzz), here in short: thousands of tables with wrong bytes.

#include <random>

#include <gtest/gtest.h>

#include "io/volume/fuzz_table.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

TEST(DamagedTables, AreRefusedOrReadButNeverMisread) {
  const test::TempDirectory dir;
  const auto sound = test::sound_tables();
  for (std::size_t i = 0; i + 1 < sound.size(); ++i) {  // the last one is of points alone
    test::write_bytes(dir / "t.csv", sound[i]);
    EXPECT_TRUE(test::use_table(dir / "t.csv")) << sound[i];
  }
  const std::string letters = "0123456789,;\t\"\r\n -+.eE#zyxclas\xff" + std::string(1, '\0');
  std::mt19937 random(1);
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  int were_read = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = sound[below(sound.size())];
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::string letter(1, letters[below(letters.size())]);
      bytes.replace(below(bytes.size()), below(2), below(4) == 0 ? "" : letter);
    }
    test::write_bytes(dir / "t.csv", bytes);
    were_read += test::use_table(dir / "t.csv") ? 1 : 0;
  }
  EXPECT_GT(were_read, 200);
  EXPECT_LT(were_read, 4000);
}

}  // namespace
}  // namespace cleft
