#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cleft::forest {

/// How often a sample was drawn, and its class.
struct Drawn {
  std::uint32_t draws, label;
};

using Counts = std::vector<std::int64_t>;  // [class] draws

/// Where a node is divided.
struct Split {
  double purity = -1;  ///< sum over both children of (sum of squared class counts) / draws; higher is purer
  int channel = -1;
  std::uint32_t last_left = 0;  ///< the highest rank in this channel that goes left

  bool found() const { return channel >= 0; }
};

/// Finds the threshold that divides a node best, without looking at all of them.
///
/// A sample stands here for a *key*: its rank in the channel, then in kind_bits bits its kind, which is a
/// place in a list of what samples may be (how often drawn, of which class). So keys are all that is sorted,
/// and samples of one rank may stand in any order: draws are whole numbers.
///
/// In nodes of many samples, draws are first counted in buckets of neighbouring ranks. The purity between
/// buckets, and how steeply it can change there, bound what a threshold in a bucket can reach; where that
/// is less than has been found already, none is looked at. What is found is exactly what trying all would
/// find: bounds have a margin far above their rounding.
///
/// \tparam Key  std::uint32_t, or std::uint64_t where rank and kind need more bits.
template <class Key>
class SplitSearch {
 public:
  /// \param kinds     Used as long as the search is.
  /// \param min_leaf  Draws that each child has at least.
  /// \pre fewer than 2^32 draws in all
  SplitSearch(std::span<const Drawn> kinds, int kind_bits, std::size_t classes, int min_leaf);

  /// The purest split of a node; of equally pure ones that of the first channel, then the lowest.
  /// \param channels  Their numbers, which the split tells.
  /// \param keys      [channel][sample] the node's samples, in any order; at least one
  /// \param counts    [class] draws of the node
  /// \returns one that is not found where no threshold leaves min_leaf draws on both sides
  Split find(std::span<const int> channels, std::span<const std::span<const Key>> keys, const Counts& counts);

  /// [class] draws that go left at the split that was found last.
  const Counts& left_counts() const { return best_left_; }

 private:
  /// Draws on both sides of a threshold, added up.
  struct Sums {
    std::int64_t left = 0, right = 0, left_squares = 0, right_squares = 0;
    double purity() const;
  };
  /// Keys of one channel by rank.
  struct Buckets {
    Key lowest = 0;
    int shift = 0;
    std::vector<std::int64_t> before{};  // [bucket][class] draws in buckets before it
    std::vector<std::int64_t> draws{};   // [bucket] in it
    std::vector<double> bound{};         // [bucket] no threshold in it is purer; -1 where it is empty

    std::size_t count() const { return draws.size(); }
  };

  Sums start(const std::int64_t* before, const Counts& counts);
  void try_all(Split& best, int channel, std::span<const Key> keys, const Counts& counts);
  void try_sorted(Split& best, int channel, Sums sums, std::span<const Key> keys);
  void count(Buckets& buckets, std::span<const Key> keys) const;
  double set_bounds(Buckets& buckets, const Counts& counts);
  void try_open(Split& best, int channel, const Buckets& buckets, double floor, std::span<const Key> keys,
                const Counts& counts);
  void place_open(const Buckets& buckets, double floor, std::span<const Key> keys);

  const Drawn* kinds_;
  const int kind_bits_;
  const std::size_t classes_;
  const std::int64_t min_leaf_;
  std::vector<Buckets> buckets_;  // [candidate]
  std::vector<Key> sorted_, scratch_;
  std::vector<std::uint32_t> places_;
  std::vector<std::uint8_t> open_;  // [bucket] 1 = may have the best threshold
  Counts left_, right_, best_left_;
};

extern template class SplitSearch<std::uint32_t>;
extern template class SplitSearch<std::uint64_t>;

}  // namespace cleft::forest
