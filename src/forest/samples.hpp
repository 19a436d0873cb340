#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cleft {

/// Labelled voxels with their channels: what a forest is trained on. Their order is part of the seeded
/// result.
struct Samples {
  int channel_count = 0;
  int class_count = 0;
  std::vector<float> values;         ///< [channel][sample]
  std::vector<std::uint8_t> labels;  ///< [sample] 0-based class

  std::size_t count() const { return labels.size(); }
  std::span<const float> channel(int c) const {
    return std::span(values).subspan(static_cast<std::size_t>(c) * count(), count());
  }
};

/// How many samples each class has.
std::vector<std::int64_t> label_counts(const Samples& samples);

/// Refuses what no forest can be trained on: a value that is NaN, or no sample at all.
/// \param subject  What the samples came from, for the message.
/// \throws InputError
void check_samples(const Samples& samples, const std::string& subject);

}  // namespace cleft
