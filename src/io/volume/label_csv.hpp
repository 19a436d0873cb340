#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/volume/labels.hpp"

namespace cleft {

/// Labelled voxels from a CSV file, in z, y, x order: one voxel per line, `z,y,x,class`, the class as its
/// name or its number from 1. A first line with these four names may give them in another order. Blank lines
/// count for nothing; the same line twice counts once. Not collective.
///
/// \throws InputError naming file and line when a line has other fields, a voxel lies outside the volume, a
///         class is unknown, or two lines give one voxel different classes (both are named).
/// \pre    classes.size() <= 255
std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes);

}  // namespace cleft
