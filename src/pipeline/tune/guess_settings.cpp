#include "pipeline/tune/guess_settings.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/narrow.hpp"

namespace cleft {
namespace {

using CountAt = std::map<std::pair<double, std::int64_t>, std::int64_t>;

/// |ln N' − ln N| over |ln x' − ln x|. A count of 0 stands for less than one object.
double steepness(std::int64_t a, std::int64_t b, double x, double y) {
  const auto log_of = [](std::int64_t n) { return std::log(n == 0 ? 0.5 : narrow<double>(n)); };
  return std::abs(log_of(a) - log_of(b)) / std::abs(std::log(x) - std::log(y));
}

/// The values next to one in a set.
template <class T>
std::vector<T> next_to(const std::set<T>& values, T value) {
  std::vector<T> next;
  const auto at = values.find(value);
  if (at != values.begin()) next.push_back(*std::prev(at));
  if (std::next(at) != values.end()) next.push_back(*std::next(at));
  return next;
}

}  // namespace

Guess guess_from_counts(const std::vector<ObjectCount>& counts) {
  CountAt count_at;
  std::set<double> ratios;
  std::set<std::int64_t> sizes;
  for (const ObjectCount& c : counts) {
    count_at[{c.core_ratio, c.min_size}] = c.objects;
    ratios.insert(c.core_ratio);
    sizes.insert(c.min_size);
  }
  Guess best;
  for (const auto& [at, objects] : count_at) {
    const auto& [ratio, size] = at;
    const auto other_ratios = next_to(ratios, ratio);
    if (objects < least_objects || other_ratios.size() < 2) continue;
    double sum = 0;
    for (const double other : other_ratios) sum += steepness(objects, count_at[{other, size}], ratio, other);
    const auto other_sizes = next_to(sizes, size);
    for (const std::int64_t other : other_sizes)
      sum += steepness(objects, count_at[{ratio, other}], narrow<double>(size), narrow<double>(other));
    const double change = sum / narrow<double>(other_ratios.size() + other_sizes.size());
    if (!best.possible || std::tuple(-change, objects) > std::tuple(-best.change, best.objects))
      best = {true, ratio, size, objects, change};
  }
  return best;
}

std::int64_t guess_max_size(std::vector<std::int64_t> sizes) {
  std::ranges::sort(sizes);
  const auto at = (std::ssize(sizes) * 19 + 19) / 20 - 1;  // 19 of 20 are not above it
  return 4 * sizes[to_size(at)];
}

}  // namespace cleft
