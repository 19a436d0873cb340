#pragma once

#include <vector>

#include "io/volume/volume_reader.hpp"

namespace cleft {

/// Every channel of an image that is opened once: however many there are, one file is open and one cache of
/// decoded chunks is kept.
/// \param expected  How many the features are computed of.
/// \throws          InputError when the image has another number, and as VolumeReader.
std::vector<VolumeReader> open_channels(const VolumePath& image, int expected);

}  // namespace cleft
