#include "components/small_parts.hpp"

#include <map>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "base/narrow.hpp"
#include "components/neighbours.hpp"

namespace cleft {
namespace {

/// Parts by their number: their sizes and what they touch.
class TouchingParts {
 public:
  TouchingParts(const Array3<std::uint32_t>& parts, std::uint32_t count, Connectivity connectivity)
      : sizes_(count + std::size_t{1}), faces_(sizes_.size()), part_of_(sizes_.size()) {
    std::iota(part_of_.begin(), part_of_.end(), 0U);
    const Neighbours neighbours(parts.extent(), connectivity);
    for (std::int64_t i = 0; i < parts.size(); ++i) {
      const std::uint32_t here = parts.voxels()[to_size(i)];
      if (here == 0) continue;
      ++sizes_[here];
      neighbours.visit(i, [&](std::int64_t beside, bool by_face) {
        const std::uint32_t there = parts.voxels()[to_size(beside)];
        if (there != 0 && there != here) faces_[here][there] += by_face ? 1 : 0;
      });
    }
  }

  void join_smaller_than(std::int64_t min_size) {
    std::set<std::pair<std::int64_t, std::uint32_t>> small;
    for (std::uint32_t part = 1; part < sizes_.size(); ++part)
      if (sizes_[part] > 0 && sizes_[part] < min_size) small.emplace(sizes_[part], part);
    while (!small.empty()) {
      const std::uint32_t part = small.begin()->second;
      small.erase(small.begin());
      if (faces_[part].empty()) continue;
      const std::uint32_t neighbour = nearest_of(part);
      const bool was_small = small.erase({sizes_[neighbour], neighbour}) > 0;
      join(part, neighbour);
      if (was_small && sizes_[neighbour] < min_size) small.emplace(sizes_[neighbour], neighbour);
    }
  }

  /// What a part has become part of.
  std::uint32_t now(std::uint32_t part) const {
    while (part_of_[part] != part) part = part_of_[part];
    return part;
  }

 private:
  /// The neighbour with most shared faces.
  std::uint32_t nearest_of(std::uint32_t part) const {
    auto best = faces_[part].begin();
    for (auto other = best; other != faces_[part].end(); ++other)
      if (other->second > best->second) best = other;
    return best->first;
  }

  void join(std::uint32_t part, std::uint32_t into) {
    for (const auto& [other, shared] : faces_[part]) {
      faces_[other].erase(part);
      if (other == into) continue;
      faces_[into][other] += shared;
      faces_[other][into] += shared;
    }
    faces_[part].clear();
    sizes_[into] += std::exchange(sizes_[part], 0);
    part_of_[part] = into;
  }

  std::vector<std::int64_t> sizes_;
  std::vector<std::map<std::uint32_t, std::int64_t>> faces_;  // [part][neighbour] faces shared
  std::vector<std::uint32_t> part_of_;
};

}  // namespace

std::uint32_t join_small_parts(Array3<std::uint32_t>& parts, std::uint32_t count, std::int64_t min_size,
                               Connectivity connectivity) {
  TouchingParts touching(parts, count, connectivity);
  touching.join_smaller_than(min_size);
  std::vector<std::uint32_t> numbers(count + std::size_t{1}, 0);
  std::uint32_t left = 0;
  for (std::uint32_t& part : parts.voxels()) {
    if (part == 0) continue;
    std::uint32_t& number = numbers[touching.now(part)];
    if (number == 0) number = ++left;
    part = number;
  }
  return left;
}

}  // namespace cleft
