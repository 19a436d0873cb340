#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace cleft {

/// Mixes 64 bits so that neighbouring inputs give unrelated outputs (the finaliser of SplitMix64, Steele et
/// al. 2014).
constexpr std::uint64_t mix_bits(std::uint64_t v) {
  v += 0x9e3779b97f4a7c15U;
  v = (v ^ (v >> 30U)) * 0xbf58476d1ce4e5b9U;
  v = (v ^ (v >> 27U)) * 0x94d049bb133111ebU;
  return v ^ (v >> 31U);
}

/// A stream of random numbers that is the same on every machine, with every compiler and on every rank
/// (SplitMix64), as those of the standard library's distributions are not. Streams with different seeds or
/// different stream numbers are independent.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed, std::uint64_t stream = 0)
      : state_(mix_bits(seed) ^ mix_bits(~stream)) {}

  /// The next 64 random bits.
  constexpr std::uint64_t bits() {
    const std::uint64_t out = mix_bits(state_);
    state_ += 0x9e3779b97f4a7c15U;
    return out;
  }
  /// A whole number, uniform in [0, bound), without bias (Lemire 2019).
  /// \pre bound > 0
  constexpr std::uint32_t below(std::uint32_t bound) {
    const std::uint32_t reject_under = (0U - bound) % bound;
    while (true) {
      const std::uint64_t product = (bits() >> 32U) * bound;
      if (static_cast<std::uint32_t>(product) >= reject_under)
        return static_cast<std::uint32_t>(product >> 32U);
    }
  }
  /// Uniform in [0, 1), a multiple of 2^-53.
  constexpr double uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
  /// Normally distributed with mean 0 and standard deviation 1 (Box and Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

 private:
  std::uint64_t state_;
};

/// The numbers 0 ... count - 1 in a pseudo-random order, any place of which can be asked for: drawing them
/// one after the other is drawing without replacement, in no memory. A Feistel network (Luby & Rackoff 1988)
/// whose rounds are mix_bits permutes the smallest power of 4 that holds them; numbers beyond the count are
/// walked over (Black & Rogaway 2002, "Ciphers with arbitrary finite domains"), fewer than four steps on
/// average. The same on every machine.
class RandomOrder {
 public:
  /// \pre 0 < count <= 2^62
  explicit constexpr RandomOrder(std::uint64_t count, std::uint64_t seed)
      : count_(count), half_bits_(static_cast<int>(std::bit_width(count - 1) + 1) / 2) {
    if (half_bits_ == 0) half_bits_ = 1;
    Random random(seed, count);
    for (std::uint64_t& key : keys_) key = random.bits();
  }

  constexpr std::uint64_t count() const { return count_; }
  /// \pre place < count()
  constexpr std::uint64_t at(std::uint64_t place) const {
    do place = permuted(place);
    while (place >= count_);
    return place;
  }

 private:
  constexpr std::uint64_t permuted(std::uint64_t v) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = v >> half_bits_, right = v & mask;
    for (const std::uint64_t key : keys_) {
      const std::uint64_t mixed = left ^ (mix_bits(right ^ key) & mask);
      left = right;
      right = mixed;
    }
    return left << half_bits_ | right;
  }

  static constexpr int rounds = 8;
  std::uint64_t count_;
  int half_bits_;
  std::array<std::uint64_t, rounds> keys_{};
};

}  // namespace cleft
