#include "report/column_text.hpp"

#include <array>

namespace cleft {
namespace {

struct Entry {
  std::string_view name;
  ColumnText text;
};

constexpr std::array entries{
    Entry{"id",
          {"id", "", "its label: synapses from 1 on in the order of their first voxels, then candidates"}},
    Entry{"first_z", {"first z", "voxels", "its first voxel in z, y, x order"}},
    Entry{"first_y", {"first y", "voxels", "its first voxel in z, y, x order"}},
    Entry{"first_x", {"first x", "voxels", "its first voxel in z, y, x order"}},
    Entry{"size_voxels", {"size", "voxels", "how many voxels it has"}},
    Entry{"volume_nm3", {"volume", "nm³", "its size times the volume of a voxel"}},
    Entry{"centroid_z_voxels", {"z", "voxels", "mean position of its voxels"}},
    Entry{"centroid_y_voxels", {"y", "voxels", "mean position of its voxels"}},
    Entry{"centroid_x_voxels", {"x", "voxels", "mean position of its voxels"}},
    Entry{"centroid_z_nm", {"z", "nm", "mean position in the world, with the volume's offset"}},
    Entry{"centroid_y_nm", {"y", "nm", "mean position in the world, with the volume's offset"}},
    Entry{"centroid_x_nm", {"x", "nm", "mean position in the world, with the volume's offset"}},
    Entry{"begin_z", {"begin z", "voxels", "its bounding box begins here"}},
    Entry{"begin_y", {"begin y", "voxels", "its bounding box begins here"}},
    Entry{"begin_x", {"begin x", "voxels", "its bounding box begins here"}},
    Entry{"end_z", {"end z", "voxels", "one behind the last voxel of its bounding box"}},
    Entry{"end_y", {"end y", "voxels", "one behind the last voxel of its bounding box"}},
    Entry{"end_x", {"end x", "voxels", "one behind the last voxel of its bounding box"}},
    Entry{"core_size_voxels", {"core size", "voxels", "voxels of all its cores"}},
    Entry{"core_count", {"cores", "", "how many pieces its core has"}},
    Entry{"largest_core_voxels", {"largest core", "voxels", "voxels of its largest core"}},
    Entry{"mean_probability", {"mean probability", "", "of the foreground, over its voxels; not smoothed"}},
    Entry{"max_probability", {"max probability", "", "of the foreground; not smoothed"}},
    Entry{"decisive_ratio",
          {"decisive ratio", "",
           "the largest core_ratio at which it would still be a synapse by its core's "
           "size: the higher, the surer"}},
    Entry{"accepted", {"accepted", "", "1: a synapse; 0: a candidate, kept to be looked at"}},
    Entry{"long_axis_nm", {"long axis", "nm", "of the solid ellipsoid with the same moments, full length"}},
    Entry{"middle_axis_nm", {"middle axis", "nm", "of that ellipsoid"}},
    Entry{"short_axis_nm", {"short axis", "nm", "of that ellipsoid"}},
    Entry{"normal_z", {"normal z", "", "unit vector along the short axis"}},
    Entry{"normal_y", {"normal y", "", "unit vector along the short axis"}},
    Entry{"normal_x", {"normal x", "", "unit vector along the short axis"}},
    Entry{"flatness", {"flatness", "", "middle axis over short axis"}},
    Entry{"elongation", {"elongation", "", "long axis over middle axis"}},
    Entry{"touches_edge", {"touches edge", "", "1: the volume's or the mask's edge may have cut it"}},
};

}  // namespace

ColumnText column_text(std::string_view name) {
  for (const Entry& entry : entries)
    if (entry.name == name) return entry.text;
  return {name, "", ""};
}

}  // namespace cleft
