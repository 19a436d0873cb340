#include "io/volume/volume_reader.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "io/volume/open_volume.hpp"

namespace cleft {
namespace {

void check_channel(const VolumeSource& source, std::size_t channel) {
  if (channel >= source.channel_count())
    throw InputError({to_string(source.path()), fmt::format("has {} channels", source.channel_count()),
                      fmt::format("a channel {}", channel)});
}

}  // namespace

VolumeReader::VolumeReader(const VolumePath& path) : VolumeReader(open_volume(path), 0) {
  if (channel_count() != 1)
    throw InputError({to_string(this->path()),
                      fmt::format("has {} channels: {}", channel_count(), source_->axes_text()),
                      "a volume of one channel"});
}

VolumeReader::VolumeReader(const VolumePath& path, std::size_t channel)
    : VolumeReader(open_volume(path), channel) {
  check_channel(*source_, channel);
}

VolumeReader VolumeReader::other_channel(std::size_t channel) const {
  check_channel(*source_, channel);
  return {source_, channel};
}

}  // namespace cleft
