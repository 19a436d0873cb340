#pragma once

#include <vector>

#include "io/volume/volume_reader.hpp"

namespace cleft {

/// Opens an image once and returns a reader for each of its channels; the readers share the open file and one
/// cache of decoded chunks. Not collective.
/// \param expected  The number of channels that the features are computed of.
/// \throws          InputError when the image has another number, and as VolumeReader.
std::vector<VolumeReader> open_channels(const VolumePath& image, int expected);

}  // namespace cleft
