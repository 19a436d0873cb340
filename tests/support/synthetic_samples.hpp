#pragma once

#include <cstddef>
#include <cstdint>

#include "base/random.hpp"
#include "forest/samples.hpp"

namespace cleft::test {

/// Samples of three classes that overlap a little: the class follows from channels 0 and 1; the others are
/// noise. With `levels` > 0 values are whole numbers below it, so that many are equal.
inline Samples synthetic_samples(std::size_t count, int channels, std::uint64_t seed, int levels = 0) {
  Samples samples;
  samples.channel_count = channels;
  samples.class_count = 3;
  samples.values.resize(count * static_cast<std::size_t>(channels));
  samples.labels.resize(count);
  Random random(seed);
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
      samples.values[c * count + s] = static_cast<float>(
          levels > 0 ? random.below(static_cast<std::uint32_t>(levels)) : random.uniform());
    const double scale = levels > 0 ? levels : 1;
    const double a = samples.values[s] / scale + 0.05 * random.normal();
    const double b = channels > 1 ? samples.values[count + s] / scale : 0.5;
    samples.labels[s] = static_cast<std::uint8_t>(a < 0.4 ? 0 : b < 0.6 ? 1 : 2);
  }
  return samples;
}

}  // namespace cleft::test
