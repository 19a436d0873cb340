#pragma once

#include <string>

#include "io/volume/volume_path.hpp"

namespace cleft {

/// What is in an HDF5 file, as lines for people: of a volume its extent, type, voxel size, chunks and
/// compression, of any other dataset its shape.
/// \param path  Without a dataset: every dataset of the file.
/// \throws      InputError when the file or the dataset is missing; IoError when the file is damaged.
std::string describe_datasets(const VolumePath& path);

}  // namespace cleft
