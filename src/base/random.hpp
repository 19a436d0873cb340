#pragma once

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

}  // namespace cleft
