#include "base/checksum.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace cleft {

namespace {

static_assert(std::endian::native == std::endian::little, "XXH64 reads little-endian words");

constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87U, prime2 = 0xC2B2AE3D27D4EB4FU,
                        prime3 = 0x165667B19E3779F9U, prime4 = 0x85EBCA77C2B2AE63U,
                        prime5 = 0x27D4EB2F165667C5U;

template <class Word>
std::uint64_t load(const std::byte* from) {
  Word word{};
  std::memcpy(&word, from, sizeof word);
  return word;
}

std::uint64_t accumulate(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane + word * prime2, 31) * prime1;
}

void add_stripe(std::array<std::uint64_t, 4>& lanes, const std::byte* from) {
  for (std::size_t i = 0; i < 4; ++i) lanes[i] = accumulate(lanes[i], load<std::uint64_t>(from + 8 * i));
}

/// The four lanes of whole stripes become one value.
std::uint64_t merged(const std::array<std::uint64_t, 4>& lanes) {
  std::uint64_t value =
      std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
  for (const std::uint64_t lane : lanes) value = (value ^ accumulate(0, lane)) * prime1 + prime4;
  return value;
}

std::uint64_t avalanche(std::uint64_t value) {
  value = (value ^ (value >> 33U)) * prime2;
  value = (value ^ (value >> 29U)) * prime3;
  return value ^ (value >> 32U);
}

}  // namespace

void Checksum::add(std::span<const std::byte> bytes) {
  const std::size_t held = length_ % stripe;
  length_ += bytes.size();
  if (held > 0) {
    const std::size_t taken = std::min(stripe - held, bytes.size());
    std::copy_n(bytes.begin(), taken, rest_.begin() + static_cast<std::ptrdiff_t>(held));
    if (held + taken < stripe) return;
    add_stripe(lanes_, rest_.data());
    bytes = bytes.subspan(taken);
  }
  auto lanes = lanes_;  // a local copy stays in registers
  for (; bytes.size() >= stripe; bytes = bytes.subspan(stripe)) add_stripe(lanes, bytes.data());
  lanes_ = lanes;
  std::copy(bytes.begin(), bytes.end(), rest_.begin());
}

std::uint64_t Checksum::value() const {
  std::uint64_t value = (length_ >= stripe ? merged(lanes_) : prime5) + length_;
  const std::byte* at = rest_.data();
  std::size_t left = length_ % stripe;
  for (; left >= 8; at += 8, left -= 8)
    value = std::rotl(value ^ accumulate(0, load<std::uint64_t>(at)), 27) * prime1 + prime4;
  if (left >= 4) {
    value = std::rotl(value ^ (load<std::uint32_t>(at) * prime1), 23) * prime2 + prime3;
    at += 4;
    left -= 4;
  }
  for (; left > 0; ++at, --left) value = std::rotl(value ^ (load<std::uint8_t>(at) * prime5), 11) * prime1;
  return avalanche(value);
}

std::uint64_t checksum(std::span<const std::byte> bytes) {
  Checksum sum;
  sum.add(bytes);
  return sum.value();
}

}  // namespace cleft
