#include "forest/train/split_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/narrow.hpp"
#include "forest/tuning.hpp"

namespace cleft::forest {

namespace {

/// Far above the rounding of a few operations on doubles: what is less by more than this is less.
constexpr double margin = 1e-12;

/// Keys up to which they are sorted by moving them one by one.
constexpr std::size_t few_keys = 24;

template <class Number>
int bits_of(Number number) {
  return narrow<int>(std::bit_width(number));
}

template <class Key>
void sort_few(Key* keys, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) {
    const Key key = keys[i];
    std::size_t place = i;
    for (; place > 0 && keys[place - 1] > key; --place) keys[place] = keys[place - 1];
    keys[place] = key;
  }
}

template <class Key>
std::pair<Key, Key> lowest_and_highest(std::span<const Key> keys) {
  Key lowest = keys[0], highest = keys[0];
  for (const Key k : keys) {
    lowest = std::min(lowest, k);
    highest = std::max(highest, k);
  }
  return {lowest, highest};
}

/// Sorts keys that are spread rather evenly: as many buckets as keys, then few are out of place.
/// \param places, scratch  To work in.
template <class Key>
void sort_keys(std::vector<Key>& keys, std::vector<std::uint32_t>& places, std::vector<Key>& scratch) {
  if (keys.size() <= few_keys) return sort_few(keys.data(), keys.size());
  const auto [lowest, highest] = lowest_and_highest(std::span<const Key>(keys));
  const int shift = std::max(0, bits_of(highest - lowest) - bits_of(keys.size()));
  places.assign(static_cast<std::size_t>((highest - lowest) >> shift) + 1, 0);
  scratch.resize(keys.size());
  std::uint32_t* const place = places.data();
  Key* const sorted = scratch.data();
  for (const Key k : keys) ++place[(k - lowest) >> shift];
  if (*std::ranges::max_element(places) > few_keys) return std::sort(keys.begin(), keys.end());
  std::exclusive_scan(places.begin(), places.end(), places.begin(), 0U);
  for (const Key k : keys) sorted[place[(k - lowest) >> shift]++] = k;
  std::swap(keys, scratch);
  if (shift > 0) sort_few(keys.data(), keys.size());
}

/// The purity of a threshold and how it changes with the draws that go left.
struct Steepness {
  double purity = 0;
  double slope = 2;  // it changes by at most so much with a draw of any class
  double per_left = 0, per_right = 0;
};

/// With l, r draws on the left and right, of which l_c, r_c are of class c, purity is sum l_c^2 / l + sum
/// r_c^2 / r, and its derivative, as a draw of class c goes from right to left,
/// 2 (l_c / l - r_c / r) - (sum l_c^2 / l^2 - sum r_c^2 / r^2), never beyond 2.
Steepness steepness(double left, double right, double left_squares, double right_squares,
                    const std::int64_t* of_left, const std::int64_t* of_right, std::size_t classes) {
  if (left == 0 || right == 0) {
    const double all = left + right;
    return {(left_squares + right_squares) / all, 2, 1 / all, 1 / all};
  }
  const double per_both = 1 / (left * right), per_left = right * per_both, per_right = left * per_both;
  const double left_purity = left_squares * per_left, right_purity = right_squares * per_right;
  const double common = left_purity * per_left - right_purity * per_right;
  double slope = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const double apart =
        static_cast<double>(of_left[c]) * per_left - static_cast<double>(of_right[c]) * per_right;
    slope = std::max(slope, std::abs(2 * apart - common));
  }
  return {left_purity + right_purity, slope, per_left, per_right};
}

/// What no threshold in a bucket of so many draws exceeds. Of the draws up to its end, and of those from its
/// beginning on, the bucket has at most the shares t = draws / left there and u = draws / right here. So in
/// it l_c / l differs from its value at either end by at most t, sum l_c^2 / l^2 by 2 t + 2 t^2, and those
/// of the right by the same of u: the slope by at most 4 (t + u) + 2 (t + u)^2. From both ends, whose
/// distances add up to the draws, purity rises by no more than the slope.
double highest_between(const Steepness& begin, const Steepness& end, double draws) {
  const double share = draws * (end.per_left + begin.per_right);
  const double slope = std::min(2.0, std::min(begin.slope, end.slope) + share * (4 + 2 * share));
  return (begin.purity + end.purity + slope * draws) / 2 * (1 + margin);
}

}  // namespace

template <class Key>
SplitSearch<Key>::SplitSearch(std::span<const Drawn> kinds, int kind_bits, std::size_t classes, int min_leaf)
    : kinds_(kinds.data()),
      kind_bits_(kind_bits),
      classes_(classes),
      min_leaf_(min_leaf),
      left_(classes),
      right_(classes),
      best_left_(classes) {}

template <class Key>
Split SplitSearch<Key>::find(std::span<const int> channels, std::span<const std::span<const Key>> keys,
                             const Counts& counts) {
  Split best;
  if (keys[0].size() <= samples_sorted_at_once) {
    for (std::size_t k = 0; k < channels.size(); ++k) try_all(best, channels[k], keys[k], counts);
    return best;
  }
  if (buckets_.size() < channels.size()) buckets_.resize(channels.size());
  double floor = -1;
  for (std::size_t k = 0; k < channels.size(); ++k) {
    count(buckets_[k], keys[k]);
    floor = std::max(floor, set_bounds(buckets_[k], counts));
  }
  for (std::size_t k = 0; k < channels.size(); ++k)
    try_open(best, channels[k], buckets_[k], floor, keys[k], counts);
  return best;
}

template <class Key>
double SplitSearch<Key>::Sums::purity() const {
  return static_cast<double>(left_squares) / static_cast<double>(left) +
         static_cast<double>(right_squares) / static_cast<double>(right);
}

/// Sets left_ and right_.
/// \param before  [class] draws that go left
template <class Key>
typename SplitSearch<Key>::Sums SplitSearch<Key>::start(const std::int64_t* before, const Counts& counts) {
  Sums sums;
  for (std::size_t c = 0; c < classes_; ++c) {
    left_[c] = before[c];
    right_[c] = counts[c] - left_[c];
    sums.left += left_[c];
    sums.right += right_[c];
    sums.left_squares += left_[c] * left_[c];
    sums.right_squares += right_[c] * right_[c];
  }
  return sums;
}

template <class Key>
void SplitSearch<Key>::try_all(Split& best, int channel, std::span<const Key> keys, const Counts& counts) {
  sorted_.assign(keys.begin(), keys.end());
  sort_keys(sorted_, places_, scratch_);
  left_.assign(classes_, 0);
  try_sorted(best, channel, start(left_.data(), counts), sorted_);
}

/// Tries the thresholds behind each rank: key by key, counts move from the right child to the left one.
/// \param sums  Of left_ and right_: before the first key.
/// \param keys  All of a rank, or none.
template <class Key>
void SplitSearch<Key>::try_sorted(Split& best, int channel, Sums sums, std::span<const Key> keys) {
  const Key kind_mask = (Key{1} << kind_bits_) - 1;
  std::int64_t* const left = left_.data();
  std::int64_t* const right = right_.data();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto [draws, label] = kinds_[keys[i] & kind_mask];
    sums.left_squares += draws * (2 * left[label] + draws);
    sums.right_squares -= draws * (2 * right[label] - draws);
    left[label] += draws;
    right[label] -= draws;
    sums.left += draws;
    sums.right -= draws;
    if (i + 1 < keys.size() && keys[i] >> kind_bits_ == keys[i + 1] >> kind_bits_) continue;
    if (sums.left < min_leaf_ || sums.right < min_leaf_) continue;
    const double purity = sums.purity();
    if (purity > best.purity) {
      best = {purity, channel, static_cast<std::uint32_t>(keys[i] >> kind_bits_)};
      best_left_ = left_;
    }
  }
}

/// Divides the keys among buckets, each as wide as the others, and counts: before has the draws in a bucket.
template <class Key>
void SplitSearch<Key>::count(Buckets& buckets, std::span<const Key> keys) const {
  const Key kind_mask = (Key{1} << kind_bits_) - 1;
  auto [lowest, highest] = lowest_and_highest(keys);
  lowest &= ~kind_mask;
  const int range_bits = bits_of((highest - lowest) >> kind_bits_);
  const int bucket_bits = bits_of(keys.size() / samples_per_bucket) - 1;
  const int shift = kind_bits_ + std::max(0, range_bits - bucket_bits);
  const auto buckets_needed = static_cast<std::size_t>((highest - lowest) >> shift) + 1;
  buckets.lowest = lowest;
  buckets.shift = shift;
  buckets.draws.resize(buckets_needed);
  buckets.bound.resize(buckets_needed);
  buckets.before.assign(buckets_needed * classes_, 0);
  std::int64_t* const draws_of = buckets.before.data();
  const Drawn* const kinds = kinds_;
  const std::size_t classes = classes_;
  for (const Key k : keys) {
    const auto [draws, label] = kinds[k & kind_mask];
    draws_of[static_cast<std::size_t>((k - lowest) >> shift) * classes + label] += draws;
  }
}

/// Sets draws and bounds from counts, and turns these into those before each bucket.
/// \returns the highest purity between two buckets; -1 where none is allowed
template <class Key>
double SplitSearch<Key>::set_bounds(Buckets& buckets, const Counts& counts) {
  const std::size_t classes = classes_;
  left_.assign(classes, 0);
  Sums sums = start(left_.data(), counts);
  std::int64_t* const left = left_.data();
  std::int64_t* const right = right_.data();
  const auto measured = [&] {
    return steepness(static_cast<double>(sums.left), static_cast<double>(sums.right),
                     static_cast<double>(sums.left_squares), static_cast<double>(sums.right_squares), left,
                     right, classes);
  };
  Steepness begin = measured();
  double highest = -1;
  for (std::size_t b = 0; b < buckets.count(); ++b) {
    std::int64_t* const of_class = buckets.before.data() + b * classes;
    std::int64_t draws = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      const std::int64_t n = of_class[c];
      of_class[c] = left[c];
      sums.left_squares += n * (2 * left[c] + n);
      sums.right_squares -= n * (2 * right[c] - n);
      left[c] += n;
      right[c] -= n;
      draws += n;
    }
    buckets.draws[b] = draws;
    buckets.bound[b] = -1;
    if (draws == 0) continue;
    sums.left += draws;
    sums.right -= draws;
    const Steepness end = measured();
    if (sums.left >= min_leaf_ && sums.right >= min_leaf_) highest = std::max(highest, end.purity);
    buckets.bound[b] = highest_between(begin, end, static_cast<double>(draws));
    begin = end;
  }
  return highest;
}

/// Tries the thresholds in buckets whose bound is not below `floor`.
template <class Key>
void SplitSearch<Key>::try_open(Split& best, int channel, const Buckets& buckets, double floor,
                                std::span<const Key> keys, const Counts& counts) {
  place_open(buckets, std::max(floor, best.purity) * (1 - margin), keys);
  std::size_t first = 0;
  for (std::size_t b = 0; b < buckets.count(); ++b) {
    if (open_[b] == 0) continue;
    const std::size_t count = places_[b] - first;
    Key* const begin = scratch_.data() + first;
    first += to_size(buckets.draws[b]);
    if (buckets.bound[b] < best.purity * (1 - margin)) continue;
    if (count <= few_keys)
      sort_few(begin, count);
    else
      std::sort(begin, begin + count);
    const Sums sums = start(buckets.before.data() + b * classes_, counts);
    try_sorted(best, channel, sums, {begin, count});
  }
}

/// Puts the keys of those buckets into scratch_, where each of them has as many places as draws; then places_
/// says where its keys end.
template <class Key>
void SplitSearch<Key>::place_open(const Buckets& buckets, double floor, std::span<const Key> keys) {
  open_.resize(buckets.count());
  places_.resize(buckets.count());
  std::size_t needed = 0;
  for (std::size_t b = 0; b < buckets.count(); ++b) {
    open_[b] = buckets.bound[b] >= floor && buckets.draws[b] > 0 ? 1 : 0;
    places_[b] = narrow<std::uint32_t>(needed);
    if (open_[b] != 0) needed += to_size(buckets.draws[b]);
  }
  if (needed == 0) return;
  sorted_.resize(keys.size());
  scratch_.resize(needed);
  const Key lowest = buckets.lowest;
  const int shift = buckets.shift;
  const auto bucket = [lowest, shift](Key key) { return static_cast<std::size_t>((key - lowest) >> shift); };
  const std::uint8_t* const open = open_.data();
  Key* const kept = sorted_.data();
  std::size_t count = 0;
  for (const Key k : keys) {  // without a branch: nobody can foretell which are open
    kept[count] = k;
    count += open[bucket(k)];
  }
  std::uint32_t* const places = places_.data();
  for (std::size_t i = 0; i < count; ++i) scratch_[places[bucket(kept[i])]++] = kept[i];
}

template class SplitSearch<std::uint32_t>;
template class SplitSearch<std::uint64_t>;

}  // namespace cleft::forest
