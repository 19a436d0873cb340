#include "segmentation/open_components.hpp"

#include <cstdint>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The faces of a block beyond which another block lies, in its own voxels.
class InnerFaces {
 public:
  InnerFaces(const Box& owned, const Extent& volume) : extent_(owned.extent()) {
    const Extent begin = owned.begin - GlobalVoxel{}, end = owned.end - GlobalVoxel{};
    for (int axis = 0; axis < 3; ++axis) {
      before_[axis] = begin[axis] > 0;
      after_[axis] = end[axis] < volume[axis];
    }
  }
  bool touches(std::int64_t z, std::int64_t y, const VoxelRun& run) const {
    return has(0, z, z) || has(1, y, y) || has(2, run.begin, std::int64_t{run.end} - 1);
  }

 private:
  bool has(int axis, std::int64_t first, std::int64_t last) const {
    return (before_[axis] && first == 0) || (after_[axis] && last == extent_[axis] - 1);
  }
  Extent extent_;
  PerAxis<bool> before_, after_;
};

}  // namespace

std::vector<bool> open_components(const LabelledBlock& block, const Box& owned, const Extent& volume) {
  const InnerFaces faces(owned, volume);
  std::vector<bool> open(block.component_count);
  for (std::int64_t z = 0; z < block.runs.extent().z; ++z)
    for (std::int64_t y = 0; y < block.runs.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        if (faces.touches(z, y, run)) open[run.component] = true;
  return open;
}

void keep_runs_at_faces(LabelledBlock& block, const Box& owned, const Extent& volume) {
  const InnerFaces faces(owned, volume);
  const Extent extent = block.runs.extent();
  std::vector<RowRun> kept;
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        if (faces.touches(z, y, run))
          kept.push_back({narrow<std::int32_t>(z), narrow<std::int32_t>(y), narrow<std::int32_t>(run.begin),
                          narrow<std::int32_t>(run.end), run.component});
  block.runs = VoxelRuns(extent, kept);
}

}  // namespace cleft
