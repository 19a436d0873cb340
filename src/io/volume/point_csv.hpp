#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"

namespace cleft {

/// A point that somebody has marked in a volume.
struct MarkedPoint {
  PerAxis<double> centre;  ///< in voxels; a voxel's centre is at whole numbers
  std::string of_class;    ///< as the table has it: a name or a number
  std::optional<double> radius_nm;
  std::size_t line = 0;  ///< of the table, from 1
};

/// The voxel that a place in voxels lies in; between two voxels the later one.
/// \pre Its numbers are those of a voxel, see read_point_csv.
GlobalVoxel voxel_at_place(const PerAxis<double>& place);

/// The class of points that say: here nobody knows.
inline constexpr auto ignored_class = "ignore";

/// Points from a CSV file (a LabelTable, io/volume/label_table.hpp), in the order of its rows: `z,y,x,class`
/// in voxels counted from 0, with fractions or without, and where a header names it `radius_nm`, which a row
/// may leave empty; a radius by another name is refused. Not collective.
/// \param begin  Is added to every place: where the cut that was marked begins in the volume.
/// \throws InputError naming file and line when a place or a radius is no number, is farther away than any
///         voxel is, or a radius is not above 0; as LabelTable.
std::vector<MarkedPoint> read_point_csv(const std::filesystem::path& path, const Extent& begin = {0, 0, 0});

}  // namespace cleft
