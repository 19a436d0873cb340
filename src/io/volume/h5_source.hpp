#pragma once

#include <memory>

#include "io/volume/volume_source.hpp"

namespace cleft {

// The format HDF5, for open_volume.cpp alone: files written by anyone, with any number type, chunks and
// filters. Each function means what the one of open_volume.hpp means. What is in a file: h5_summary.hpp.

std::shared_ptr<const VolumeSource> open_h5_volume(const VolumePath& path);
void start_h5();

}  // namespace cleft
