#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "io/volume/dataset_summary.hpp"
#include "io/volume/volume_source.hpp"

namespace cleft {

// The format HDF5, for open_volume.cpp alone: files written by anyone, with any number type, chunks and
// filters. Each function means what the one of open_volume.hpp means.

std::shared_ptr<const VolumeSource> open_h5_volume(const VolumePath& path);
std::vector<DatasetSummary> summarize_h5_datasets(const VolumePath& path, std::size_t max_datasets);
void start_h5();

}  // namespace cleft
