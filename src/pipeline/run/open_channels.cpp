#include "pipeline/run/open_channels.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {

std::vector<VolumeReader> open_channels(const VolumePath& image, int expected) {
  const auto count = to_size(expected);
  std::vector<VolumeReader> channels;
  channels.emplace_back(image, 0);
  if (channels.front().channel_count() != count)
    throw InputError({to_string(channels.front().path()),
                      fmt::format("has {} channel{}", channels.front().channel_count(),
                                  channels.front().channel_count() == 1 ? "" : "s"),
                      fmt::format("{}, as the model's features are of", count)});
  for (std::size_t c = 1; c < count; ++c) channels.push_back(channels.front().other_channel(c));
  return channels;
}

}  // namespace cleft
