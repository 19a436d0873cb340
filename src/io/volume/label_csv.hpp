#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/volume/labels.hpp"

namespace cleft {

/// Labelled voxels from a CSV file (io/volume/csv_reader.hpp: separators , ; or tab), in z, y, x order: one
/// voxel per row, `z,y,x,class`, the voxel counted from 0, the class as its name or its number from 1.
/// Numbers are whole; "12.0" is one. A first row with these four names, in capitals or not, may give them
/// in another order and beside other columns, which count for nothing; so may a comment, as NumPy writes it.
/// Other lines that begin with '#' are skipped. The same voxel with the same class twice counts once. Not
/// collective.
///
/// A table that napari has made of a points layer is taken too, where it has a column (a property) `class`:
/// its axis-0, axis-1, axis-2 are z, y, x in voxels; a point counts for the voxel that it lies in.
///
/// \param begin  Is added to every voxel: where the cut that was labelled begins in the volume.
/// \throws InputError naming file and line when a row has other fields, a voxel lies outside the volume, a
///         class is unknown, or two rows give one voxel different classes (both are named); as CsvReader.
/// \pre    classes.size() <= 255
std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes,
                                          const Extent& begin = {0, 0, 0});

}  // namespace cleft
