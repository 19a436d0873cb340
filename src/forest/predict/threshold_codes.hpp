#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cleft {

/// The least float that is not below `threshold`: for every float x, x < result exactly when double(x) <
/// threshold.
float float_threshold(double threshold);

/// Turns the values of one channel into small numbers that stand in the same order to a forest's thresholds:
/// the code of x is how many thresholds t have t <= x, so that x < t exactly when code(x) <= rank_of(t). A
/// node's test becomes a comparison of 16-bit numbers.
///
/// Codes are stored less 32768, since every SIMD target compares signed numbers.
class ThresholdCodes {
 public:
  static constexpr std::size_t max_thresholds = 65535;
  static constexpr int min_code = -32768;
  static constexpr std::size_t compared_at_once = 8;

  /// \param thresholds  In any order, equal ones together or not; infinities may be among them, NaN not.
  /// \pre At most max_thresholds different ones.
  explicit ThresholdCodes(std::vector<float> thresholds);

  std::size_t threshold_count() const { return count_; }
  /// \pre `threshold` is one of those given.
  std::int16_t rank_of(float threshold) const;
  /// Any code for NaN.
  /// \returns Whether there is a NaN among the values.
  /// \pre codes.size() == values.size()
  bool encode(std::span<const float> values, std::span<std::int16_t> codes) const;

  /// How values are spread over buckets, each with the few thresholds that may decide the code. A larger
  /// value never has a lower bucket.
  struct Spread {
    bool by_bits = false;                     ///< by the bits of the float, else by its value
    float least = 0, scale = 0;               ///< by value: bucket (x - least) * scale
    std::int32_t min_bits = 0, max_bits = 0;  ///< by bits: bucket (ordered bits - min_bits) >> shift
    int shift = 0;
    std::int32_t buckets = 1;  ///< at most 32768

    std::int32_t bucket_of(float x) const;
  };
  /// What the kernels read.
  struct Tables {
    Spread spread;
    std::vector<float> thresholds;     ///< ascending, then compared_at_once times NaN
    std::vector<std::uint16_t> first;  ///< [bucket] how many thresholds are in buckets before it
  };

 private:
  void choose_spread(std::span<const float> thresholds);

  Tables tables_;
  std::size_t count_ = 0;
};

}  // namespace cleft
