#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/box.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/mask_reader.hpp"

namespace cleft {

// Points become labels: balls around them, and voxels away from them of the class that all the rest is. All
// is counted in voxels of the volume that the points lie in; a voxel's centre is at whole numbers. Distances
// are in nm; those that differ by less than a billionth part are the same, so that nothing hangs on rounding.
// Nothing is collective.

/// A ball.
struct PointBall {
  PerAxis<double> centre;  ///< in voxels
  double radius_nm = 0;
  std::uint8_t label = 0;  ///< 1 = the first class; 0: it labels nothing
};

/// How many voxels of the box have their centre within a ball, all balls added up.
std::int64_t count_ball_voxels(std::span<const PointBall> balls, const Box& box, const VoxelSize& voxel_size);

/// Every voxel of the box whose centre is at most the radius away from the centre of a ball that has a label.
/// Where balls of several labels hold it, the nearest centre's counts; a voxel that centres of two labels are
/// equally near to stays unlabelled.
/// \returns  In z, y, x order.
std::vector<LabelledVoxel> label_balls(std::span<const PointBall> balls, const Box& box,
                                       const VoxelSize& voxel_size);

/// What is drawn of the rest.
struct RestOptions {
  std::uint8_t label = 0;
  std::int64_t count = 0;  ///< voxels
  double distance_nm = 0;  ///< they are farther than this from the centre of every ball, and outside it
  std::uint64_t seed = 1;
};

/// Draws distinct voxels, each of those that may be drawn as likely as any other: those of the box that are
/// inside the mask, far enough from every ball, also of those that label nothing, and not taken. With more
/// voxels the fewer are among them. The same on every machine.
/// \param mask   Laid on the same volume; null: none.
/// \param taken  Voxels that are labelled already, in z, y, x order.
/// \returns     In z, y, x order; fewer than `count` where no more may be drawn.
/// \throws      As MaskReader::read.
std::vector<LabelledVoxel> draw_rest(std::span<const PointBall> balls, const Box& box,
                                     const VoxelSize& voxel_size, const RestOptions& options,
                                     const MaskReader* mask, std::span<const GlobalVoxel> taken = {});

}  // namespace cleft
