#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {

/// The smallest and the largest of some values; empty before the first was added.
struct ValueRange {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();

  /// NaN counts as no value.
  void add(float value) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  void add(const ValueRange& other) {
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }
  bool empty() const { return min > max; }
  friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// Labelled voxels with their channels: what a forest is trained on. Their order matters: another order gives
/// another forest for the same seed.
struct Samples {
  int channel_count = 0;
  int class_count = 0;
  std::vector<float> values;         ///< [channel][sample]
  std::vector<std::uint8_t> labels;  ///< [sample] 0-based class
  /// [sample] the stroke that it is of, numbered from 0; empty where strokes are not known.
  std::vector<std::uint32_t> strokes{};
  ValueRange grey{};  ///< grey values at these voxels, over all channels of the image

  std::size_t count() const { return labels.size(); }
  std::span<const float> channel(int c) const {
    return std::span(values).subspan(to_size(c) * count(), count());
  }
};

/// [class] how many samples it has.
std::vector<std::int64_t> label_counts(const Samples& samples);

/// Refuses what no forest can be trained on: a value that is NaN, or no sample at all.
/// \param subject   What the samples came from, for the message.
/// \param place_of  Says where a sample is, for the message.
/// \throws InputError naming the subject and, of a value that is NaN, its place
void check_samples(const Samples& samples, const std::string& subject,
                   const std::function<std::string(std::size_t sample)>& place_of);

}  // namespace cleft
