// What a fuzzer does at length (tests/fuzz), here in short: volumes of every make, many with damaged chunks
// and attributes that make no sense.

#include <random>

#include <gtest/gtest.h>

#include "io/volume/fuzz_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

TEST(DamagedVolumes, AreReadAsHdf5DoesOrRefused) {
  h5::start_library();
  const test::TempDirectory dir;
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  int were_read = 0;
  for (int i = 0; i < 1500; ++i) {
    std::vector<std::uint8_t> data(200);
    for (auto& value : data) value = static_cast<std::uint8_t>(byte(random));
    were_read += test::use_volume(data, dir / "v.h5") ? 1 : 0;
  }
  EXPECT_GT(were_read, 150);
  EXPECT_LT(were_read, 1400);
}

}  // namespace
}  // namespace cleft
