#include "blocks/label_boxes.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

using Members = std::vector<std::size_t>;

std::int64_t coordinate(const GlobalVoxel& voxel, int axis) {
  return axis == 0 ? voxel.z : axis == 1 ? voxel.y : voxel.x;
}

/// What computing a padded box takes, counted in voxels: its own, and what any box takes besides.
std::int64_t box_cost(const Box& padded) {
  constexpr std::int64_t besides = 4096;
  return voxel_count(padded.extent()) + besides;
}

/// The least box around a box and a voxel; an empty box adds nothing.
Box including(const Box& box, const GlobalVoxel& v) {
  const Box one{v, {v.z + 1, v.y + 1, v.x + 1}};
  if (box.empty()) return one;
  return {{std::min(box.begin.z, v.z), std::min(box.begin.y, v.y), std::min(box.begin.x, v.x)},
          {std::max(box.end.z, one.end.z), std::max(box.end.y, one.end.y), std::max(box.end.x, one.end.x)}};
}

struct Covered {
  std::vector<CoverBox> boxes;
  std::int64_t cost = 0;  // of all boxes
};

/// Halves sets of voxels down to boxes that no cut could make cheaper, and on the way back keeps a set in one
/// box where that costs no more than its halves. (Asking before a cut whether it pays is not enough: the
/// first of many cuts rarely does.)
class Coverer {
 public:
  Coverer(std::span<const GlobalVoxel> voxels, const Extent& halo, const Extent& volume,
          const std::function<bool(const Extent&)>& fits)
      : voxels_(voxels), halo_(halo), volume_(whole_box(volume)), fits_(fits) {}

  /// Calls itself for halves of the box, so its depth is logarithmic in the volume's extent.
  Covered cover(Members members) const {
    Box box{};
    for (const std::size_t m : members) box = including(box, voxels_[m]);
    const bool fits = fits_(box.extent());
    const std::int64_t cost = box_cost(grown(box, halo_, volume_));
    const Extent one{1, 1, 1};
    const bool indivisible = voxel_count(box.extent() + 2 * halo_) <= 2 * voxel_count(one + 2 * halo_);
    if (members.size() == 1 && !fits)
      throw ConfigError({"run.memory_per_rank", "too little for the features of a single voxel", "more"});
    if (fits && (indivisible || members.size() == 1)) return {{{box, std::move(members)}}, cost};

    const auto middle = cut(members, box);
    Covered halves = cover({members.begin(), middle});
    Covered second = cover({middle, members.end()});
    halves.cost += second.cost;
    if (fits && cost <= halves.cost) return {{{box, std::move(members)}}, cost};
    std::move(second.boxes.begin(), second.boxes.end(), std::back_inserter(halves.boxes));
    return halves;
  }

 private:
  /// Sorts the members along the box's longest axis and finds the first one behind the cut: in the widest gap
  /// of the box's middle half, so that strokes stay whole and both parts are smaller than three quarters of
  /// the box.
  Members::iterator cut(Members& members, const Box& box) const {
    const Extent e = box.extent();
    const int axis = e.z >= e.y && e.z >= e.x ? 0 : e.y >= e.x ? 1 : 2;
    const auto along = [&](std::size_t m) { return coordinate(voxels_[m], axis); };
    std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return along(a) != along(b) ? along(a) < along(b) : a < b;
    });
    const std::int64_t quarter = e[axis] / 4, begin = coordinate(box.begin, axis);
    const std::int64_t lowest = begin + quarter, highest = begin + e[axis] - quarter;
    auto best = members.begin() + 1;
    std::int64_t widest = 0;
    for (auto m = members.begin() + 1; m != members.end(); ++m) {
      const std::int64_t before = along(*(m - 1)), after = along(*m);
      if (after - before > widest && after >= lowest && before < highest) {
        widest = after - before;
        best = m;
      }
    }
    return best;
  }

  std::span<const GlobalVoxel> voxels_;
  const Extent halo_;
  const Box volume_;
  const std::function<bool(const Extent&)>& fits_;
};

}  // namespace

std::vector<CoverBox> cover_voxels(std::span<const GlobalVoxel> voxels, const Extent& halo,
                                   const Extent& volume, const std::function<bool(const Extent&)>& fits) {
  if (voxels.empty()) return {};
  Members all(voxels.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return Coverer(voxels, halo, volume, fits).cover(std::move(all)).boxes;
}

std::vector<int> share_boxes(const std::vector<CoverBox>& boxes, const Extent& halo, const Extent& volume,
                             int ranks) {
  std::vector<std::int64_t> costs;
  for (const CoverBox& b : boxes) costs.push_back(box_cost(grown(b.box, halo, whole_box(volume))));
  std::vector<std::size_t> order(boxes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return costs[a] > costs[b]; });
  std::vector<std::int64_t> load(to_size(ranks));
  std::vector<int> rank_of(boxes.size());
  for (const std::size_t b : order) {  // the largest first, each to the rank that has least
    const auto least = std::min_element(load.begin(), load.end());
    *least += costs[b];
    rank_of[b] = narrow<int>(least - load.begin());
  }
  return rank_of;
}

}  // namespace cleft
