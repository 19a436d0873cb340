#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/volume/labels.hpp"

namespace cleft {

/// Labelled voxels from a CSV file (a LabelTable, io/volume/label_table.hpp), in z, y, x order: one voxel per
/// row, `z,y,x,class`, the voxel counted from 0, the class as its name or its number from 1. Numbers are
/// whole; "12.0" is one. The same voxel with the same class twice counts once. A point of napari counts for
/// the voxel that it lies in. Not collective.
///
/// \param begin  Is added to every voxel: where the cut that was labelled begins in the volume.
/// \throws InputError naming file and line when a row has other fields, a voxel lies outside the volume, a
///         class is unknown, or two rows give one voxel different classes (both are named); as CsvReader.
/// \pre    classes.size() <= 255
std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes,
                                          const Extent& begin = {0, 0, 0});

}  // namespace cleft
