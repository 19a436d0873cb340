#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "io/volume/dataset_summary.hpp"

namespace cleft {

/// summarize_datasets (open_volume.hpp) of an HDF5 file.
std::vector<DatasetSummary> summarize_h5_datasets(const VolumePath& path, std::size_t max_datasets);

/// names_in (open_volume.hpp) of an HDF5 file.
std::vector<std::string> names_in_h5(const std::filesystem::path& file, std::size_t max_names);

}  // namespace cleft
