#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "io/volume/labels.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "pipeline/train/point_balls.hpp"

namespace cleft {

// A table of points (io/volume/point_csv.hpp) as labels. Nothing here is collective.

/// The points of labels.points as balls, in voxels of the volume's dataset. Points of class `ignore` label
/// nothing, unless that is one of the classes.
/// \param begin  Of the cut that was marked, in the dataset.
/// \throws ConfigError when the volume has no voxel size; InputError naming file and line when a point lies
///         outside the dataset, is of no class, or when no voxel's centre lies within its radius; as
///         read_point_csv.
std::vector<PointBall> balls_of_points(const Config& config, const VolumeFacts& volume,
                                       const std::vector<std::string>& classes, const Extent& begin);

/// What other entries of `labels` say of the same dataset, in voxels of it.
struct LabelsBeside {
  std::vector<PointBall> balls;        ///< of their points
  std::vector<GlobalVoxel> of_points;  ///< that earlier entries with points label, in z, y, x order
  std::vector<GlobalVoxel> taken;      ///< that earlier entries of any kind label, likewise
};

/// The labels that points make: their balls (label_balls), and labels.rest_voxels of labels.rest_class drawn
/// away from them in the mask (draw_rest), by forest.seed. Several tables of one dataset count as one: a
/// voxel that balls of two tables hold is of the nearest point's, of equal classes of the first table's; and
/// each rest keeps away from all points and from what is labelled already. Says how many points lie outside
/// volume.box.
/// \returns In the volume (volume.box), counted from its first voxel, in z, y, x order.
/// \throws As balls_of_points; InputError when there are points with a class and none lies in volume.box;
///         ConfigError when there is no room for the rest, when it is of no class, or when balls and rest do
///         not fit run.memory_per_rank; as mask_of_config.
std::vector<LabelledVoxel> labels_of_points(const Config& config, const VolumeFacts& volume,
                                            const std::vector<std::string>& classes, const Extent& begin,
                                            const LabelsBeside& beside = {});

}  // namespace cleft
