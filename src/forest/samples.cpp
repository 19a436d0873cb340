#include "forest/samples.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {

std::vector<std::int64_t> label_counts(const Samples& samples) {
  std::vector<std::int64_t> counts(to_size(samples.class_count));
  for (const std::uint8_t label : samples.labels) ++counts[label];
  return counts;
}

void check_samples(const Samples& samples, const std::string& subject,
                   const std::function<std::string(std::size_t sample)>& place_of) {
  if (samples.count() == 0) throw InputError({subject, "no labelled voxel", "at least one of each class"});
  for (int c = 0; c < samples.channel_count; ++c) {
    const auto values = samples.channel(c);
    for (std::size_t s = 0; s < values.size(); ++s) {
      if (std::isnan(values[s]))
        throw InputError(
            {subject, fmt::format("channel {} of the labelled voxel at {} is not a number", c, place_of(s)),
             "grey values that are numbers around every label"});
    }
  }
}

}  // namespace cleft
