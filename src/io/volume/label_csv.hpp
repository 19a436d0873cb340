#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/volume/labels.hpp"

namespace cleft {

/// Labelled voxels from a CSV file (io/volume/csv_reader.hpp: separators , ; or tab), in z, y, x order: one
/// voxel per row, `z,y,x,class`, the voxel counted from 0, the class as its name or its number from 1.
/// Numbers are whole; "12.0" is one. A first row with these four names, in capitals or not, may give them
/// in another order and beside other columns, which count for nothing. The same row twice counts once. Not
/// collective.
///
/// \param begin  Is added to every voxel: where the cut that was labelled begins in the volume.
/// \throws InputError naming file and line when a row has other fields, a voxel lies outside the volume, a
///         class is unknown, or two rows give one voxel different classes (both are named); as CsvReader.
/// \pre    classes.size() <= 255
std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes,
                                          const Extent& begin = {0, 0, 0});

}  // namespace cleft
