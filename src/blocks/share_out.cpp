#include "blocks/share_out.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>

#include "base/narrow.hpp"

namespace cleft {

std::vector<std::vector<std::size_t>> share_out(std::span<const std::int64_t> costs, int ranks) {
  std::vector<std::size_t> order(costs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return costs[a] > costs[b]; });
  using Load = std::pair<std::int64_t, int>;  // cost so far, rank
  std::priority_queue<Load, std::vector<Load>, std::greater<>> least;
  for (int rank = 0; rank < ranks; ++rank) least.emplace(0, rank);
  std::vector<std::vector<std::size_t>> shares(to_size(ranks));
  for (const std::size_t piece : order) {
    const auto [load, rank] = least.top();
    least.pop();
    shares[to_size(rank)].push_back(piece);
    least.emplace(load + costs[piece], rank);
  }
  return shares;
}

}  // namespace cleft
