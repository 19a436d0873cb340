#include "components/watershed.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "base/narrow.hpp"
#include "components/neighbours.hpp"

namespace cleft {
namespace {

/// Added to the number of a voxel that waits for its level or its wave.
constexpr std::uint32_t waiting = std::uint32_t{1} << 31U;

constexpr std::int64_t above_all = std::numeric_limits<std::int64_t>::max();

class Flood {
 public:
  Flood(const Array3<std::int64_t>& heights, Array3<std::uint32_t> seeds, Connectivity connectivity)
      : heights_(heights), numbers_(std::move(seeds)), neighbours_(heights.extent(), connectivity) {}

  Array3<std::uint32_t> run() && {
    start();
    std::vector<std::int64_t> wave, next;
    while (!later_.empty()) {
      const std::int64_t level = later_.top().first;
      for (; !later_.empty() && later_.top().first == level; later_.pop())
        wave.push_back(later_.top().second);
      for (; !wave.empty(); wave.swap(next)) {
        for (const std::int64_t voxel : wave) number(voxel) -= waiting;
        next.clear();
        for (const std::int64_t voxel : wave)
          neighbours_.visit(voxel, [&](std::int64_t beside, bool) {
            if (number(beside) == 0 && height(beside) > 0) reach(beside, level, next);
          });
      }
    }
    return std::move(numbers_);
  }

 private:
  std::int64_t height(std::int64_t voxel) const { return heights_.voxels()[to_size(voxel)]; }
  std::uint32_t& number(std::int64_t voxel) { return numbers_.voxels()[to_size(voxel)]; }

  /// A voxel beside one of the last wave, and of none before: it gets the lowest number of that wave.
  void reach(std::int64_t voxel, std::int64_t level, std::vector<std::int64_t>& next) {
    std::uint32_t lowest = waiting;
    neighbours_.visit(voxel, [&](std::int64_t beside, bool) {
      if (number(beside) != 0) lowest = std::min(lowest, number(beside));
    });
    number(voxel) = lowest + waiting;
    if (height(voxel) >= level)
      next.push_back(voxel);
    else
      later_.emplace(height(voxel), voxel);
  }

  /// What lies beside a seed waits for the level of its own height.
  void start() {
    std::vector<std::int64_t> none;
    for (std::int64_t i = 0; i < heights_.size(); ++i) {
      if (number(i) != 0 || height(i) == 0) continue;
      bool is_beside = false;
      neighbours_.visit(i, [&](std::int64_t beside, bool) {
        is_beside = is_beside || (number(beside) != 0 && number(beside) < waiting);
      });
      if (is_beside) reach(i, above_all, none);
    }
  }

  const Array3<std::int64_t>& heights_;
  Array3<std::uint32_t> numbers_;
  Neighbours neighbours_;
  std::priority_queue<std::pair<std::int64_t, std::int64_t>> later_;  // height and voxel
};

}  // namespace

Array3<std::uint32_t> flood_from_seeds(const Array3<std::int64_t>& heights, Array3<std::uint32_t> seeds,
                                       Connectivity connectivity) {
  assert(heights.extent() == seeds.extent());
  return Flood(heights, std::move(seeds), connectivity).run();
}

}  // namespace cleft
