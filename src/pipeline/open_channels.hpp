#pragma once

#include <vector>

#include "io/h5_volume.hpp"

namespace cleft {

/// Opens every channel of an image.
/// \param expected  How many the features are computed of.
/// \throws          InputError when the image has another number, and as VolumeReader.
std::vector<VolumeReader> open_channels(const VolumePath& image, int expected);

}  // namespace cleft
