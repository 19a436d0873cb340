#pragma once

#include <vector>

#include "forest/samples.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {

/// The range of some of a volume's grey values, over all of its channels: of small boxes spread evenly over
/// it, at most some 100,000 voxels a channel. Empty where all of these are NaN. Not collective.
/// \throws InputError when a value cannot be read as float32 (see ReadOptions::conversion); IoError when the
///         volume cannot be read.
ValueRange sample_grey(const VolumePath& volume);

/// The values of these boxes in the first channel, in the order of the boxes. Not collective.
/// \throws as sample_grey
std::vector<float> sample_grey_values(const VolumePath& volume);

}  // namespace cleft
