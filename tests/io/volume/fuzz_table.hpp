#pragma once

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/error.hpp"
#include "io/volume/label_csv.hpp"
#include "io/volume/point_csv.hpp"

namespace cleft::test {

/// Reads a table as labelled voxels and as points. Any Error is right; a voxel outside the volume, one that
/// comes twice, a class that there is none of, a crash and any other exception are bugs.
/// \returns Whether it was read as labelled voxels.
inline bool use_table(const std::filesystem::path& file) {
  const Extent extent{16, 16, 16};
  bool was_read = false;
  try {
    const auto voxels = read_label_csv(file, extent, {"membrane", "synapse", "rest"});
    const Box volume = box_at(GlobalVoxel{}, extent);
    for (std::size_t i = 0; i < voxels.size(); ++i) {
      const auto& [voxel, label] = voxels[i];
      if (!volume.contains(voxel) || label < 1 || label > 3) throw std::logic_error("a label of nothing");
      if (i > 0 && !(voxels[i - 1].voxel < voxel)) throw std::logic_error("voxels are not in order");
    }
    was_read = true;
  } catch (const Error&) {
    was_read = false;
  }
  try {
    for (const MarkedPoint& point : read_point_csv(file)) voxel_at_place(point.centre);
  } catch (const Error&) {
    return was_read;
  }
  return was_read;
}

/// Sound tables of the kinds that are read.
inline std::vector<std::string> sound_tables() {
  return {"z,y,x,class\n1,2,3,membrane\n4,5,6,synapse\n15,15,15,3\n",
          "1;2;3;1\r\n4;5;6;2\r\n",
          "X\tY\tZ\tClass\n3\t2\t1\trest\n",
          "\xef\xbb\xbf\"z\",\"y\",\"x\",\"class\"\n\"1.0\",\"2e0\",\"3\",\"membrane\"\n",
          "# z y x class\n# a comment\n1, 2, 3, 1\n\n",
          "index,axis-0,axis-1,axis-2,class\n0,1.4,2.6,3.1,synapse\n",
          "z,y,x,class,radius_nm\n1.5,2.5,3.5,synapse,40\n1,1,1,ignore,\n"};
}

}  // namespace cleft::test
