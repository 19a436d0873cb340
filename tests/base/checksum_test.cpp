#include "base/checksum.hpp"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

std::uint64_t checksum_of(std::string_view text) {
  return checksum(std::as_bytes(std::span(text)));
}

/// The buffer that xxHash's own sanity check (xsum_sanity_check.c) takes its published values from.
std::vector<std::byte> sanity_buffer(std::size_t length) {
  std::vector<std::byte> bytes(length);
  std::uint64_t generator = 2654435761U;
  for (std::byte& b : bytes) {
    b = static_cast<std::byte>(generator >> 56U);
    generator *= 11400714785074694797U;
  }
  return bytes;
}

TEST(Checksum, EqualsThePublishedXxh64ValuesOfTexts) {
  EXPECT_EQ(checksum_of(""), 0xEF46DB3751D8E999U);
  EXPECT_EQ(checksum_of("a"), 0xD24EC4F1A98C6E5BU);
  EXPECT_EQ(checksum_of("abc"), 0x44BC2CF5AD770999U);
  EXPECT_EQ(checksum_of("Nobody inspects the spammish repetition"), 0xFBCEA83C8A378BF1U);
}

TEST(Checksum, EqualsThePublishedXxh64ValuesOfTheSanityBuffer) {
  EXPECT_EQ(checksum(sanity_buffer(1)), 0xE934A84ADB052768U);
  EXPECT_EQ(checksum(sanity_buffer(4)), 0x9136A0DCA57457EEU);
  EXPECT_EQ(checksum(sanity_buffer(14)), 0x8282DCC4994E35C8U);
  EXPECT_EQ(checksum(sanity_buffer(222)), 0xB641AE8CB691C174U);
}

TEST(Checksum, DoesNotDependOnHowTheBytesAreCut) {
  const auto bytes = sanity_buffer(200);
  const std::span all(bytes);
  for (const std::size_t step : {1U, 3U, 7U, 31U, 32U, 33U, 64U, 100U}) {
    Checksum sum;
    for (std::size_t i = 0; i < all.size(); i += step)
      sum.add(all.subspan(i, std::min(step, all.size() - i)));
    EXPECT_EQ(sum.value(), checksum(bytes)) << "pieces of " << step;
  }
}

TEST(Checksum, ChangesWithEveryBit) {
  auto bytes = sanity_buffer(67);
  const std::uint64_t before = checksum(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_NE(checksum(bytes), before) << "bit " << bit;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

}  // namespace
}  // namespace cleft
