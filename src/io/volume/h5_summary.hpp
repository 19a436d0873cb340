#pragma once

#include <cstddef>
#include <vector>

#include "io/volume/dataset_summary.hpp"

namespace cleft {

/// summarize_datasets (open_volume.hpp) of an HDF5 file.
std::vector<DatasetSummary> summarize_h5_datasets(const VolumePath& path, std::size_t max_datasets);

}  // namespace cleft
