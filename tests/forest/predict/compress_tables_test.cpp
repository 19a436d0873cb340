#include "forest/predict/compress_tables.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace cleft::forest {
namespace {

/// The elements that some bits keep, in order.
std::vector<std::size_t> kept_of(std::size_t bits) {
  std::vector<std::size_t> kept;
  for (std::size_t element = 0; element < 8; ++element)
    if ((bits >> element & 1U) != 0) kept.push_back(element);
  return kept;
}

TEST(CompressTables, NameTheElementsToKeepInOrder) {
  for (std::size_t bits = 0; bits < 256; ++bits) {
    const auto kept = kept_of(bits);
    for (std::size_t i = 0; i < 8; ++i)
      EXPECT_EQ(compress_tables.of_eight[bits][i], i < kept.size() ? kept[i] : 0) << bits;
  }
}

TEST(CompressTables, NameBothHalvesOfTheElementsToKeep) {
  for (std::size_t bits = 0; bits < 16; ++bits) {
    const auto kept = kept_of(bits);
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t half = 0; half < 2; ++half)
        EXPECT_EQ(compress_tables.halves_of_four[bits][2 * i + half],
                  i < kept.size() ? 2 * kept[i] + half : 0)
            << bits;
  }
}

}  // namespace
}  // namespace cleft::forest
