#include "report/seam_statistic.hpp"

#include <algorithm>
#include <cmath>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// An axis of the volume: faces lie at multiples of `block` inside it.
struct CutAxis {
  std::int64_t length, block;

  std::int64_t faces() const { return (length - 1) / block; }
  bool is_face(std::int64_t at) const { return at > 0 && at < length && at % block == 0; }
  /// Whether one of begin + 1 ... end - 1 is a face.
  bool crosses(std::int64_t begin, std::int64_t end) const { return (end - 1) / block > begin / block; }

  /// The chance that a box of `size` voxels crosses a face.
  double chance_to_cross(std::int64_t size) const {
    const std::int64_t last = length - faces() * block;
    const auto inside = [&](std::int64_t part) { return std::max<std::int64_t>(0, part - size + 1); };
    const std::int64_t clear = faces() * inside(block) + inside(last), all = length - size + 1;
    return 1 - narrow<double>(clear) / narrow<double>(all);
  }
  /// The chance that it begins or ends at a face.
  double chance_to_end(std::int64_t size) const {
    const std::int64_t all = length - size + 1;
    // Begins at face f where f <= length - size; ends at f where f >= size; both where a face is size before.
    const std::int64_t begins = std::min(faces(), (length - size) / block);
    const std::int64_t ends = faces() - std::min(faces(), (size - 1) / block);
    const std::int64_t both = size % block == 0 ? std::max<std::int64_t>(0, faces() - size / block) : 0;
    return narrow<double>(begins + ends - both) / narrow<double>(all);
  }
};

void add(SeamCount& count, bool found, double chance) {
  count.found += found ? 1 : 0;
  count.expected += chance;
  count.deviation += chance * (1 - chance);  // the variance until all are added
}

}  // namespace

SeamStatistic seam_statistic(const std::vector<Box>& boxes, const Extent& volume, const Extent& block) {
  SeamStatistic statistic;
  if (block.z <= 0 || block.y <= 0 || block.x <= 0) return statistic;
  for (int axis = 0; axis < 3; ++axis)
    statistic.has_seams = statistic.has_seams || CutAxis{volume[axis], block[axis]}.faces() > 0;
  for (const Box& box : boxes) {
    bool crosses = false, ends = false;
    double no_cross = 1, no_end = 1;
    const Extent begin = box.begin - GlobalVoxel{}, end = box.end - GlobalVoxel{};
    for (int axis = 0; axis < 3; ++axis) {
      const CutAxis cut{volume[axis], block[axis]};
      crosses = crosses || cut.crosses(begin[axis], end[axis]);
      ends = ends || cut.is_face(begin[axis]) || cut.is_face(end[axis]);
      no_cross *= 1 - cut.chance_to_cross(end[axis] - begin[axis]);
      no_end *= 1 - cut.chance_to_end(end[axis] - begin[axis]);
    }
    add(statistic.crossing, crosses, 1 - no_cross);
    add(statistic.ending, ends, 1 - no_end);
  }
  for (SeamCount* count : {&statistic.crossing, &statistic.ending})
    count->deviation = std::sqrt(count->deviation);
  return statistic;
}

}  // namespace cleft
