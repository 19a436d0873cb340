#include "forest/train/split_search.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft::forest {
namespace {

constexpr std::size_t classes = 3;

/// A sample's rank in a channel, and what it is.
struct Ranked {
  std::uint32_t rank;
  Drawn drawn;
};
using Channel = std::vector<Ranked>;  // [sample]

Counts counts_of(const Channel& channel) {
  Counts counts(classes);
  for (const Ranked& r : channel) counts[r.drawn.label] += r.drawn.draws;
  return counts;
}

double purity_of(const Counts& counts) {
  std::int64_t draws = 0, squares = 0;
  for (const std::int64_t n : counts) {
    draws += n;
    squares += n * n;
  }
  return static_cast<double>(squares) / static_cast<double>(draws);
}

std::int64_t sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

/// Tries each rank of each channel as the last on the left.
std::pair<Split, Counts> tried_all(const std::vector<Channel>& channels, int min_leaf) {
  Split best;
  Counts best_left(classes);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    std::map<std::uint32_t, Counts> of_rank;
    for (const Ranked& r : channels[c])
      of_rank.try_emplace(r.rank, Counts(classes)).first->second[r.drawn.label] += r.drawn.draws;
    Counts left(classes), right = counts_of(channels[c]);
    for (const auto& [rank, counts] : of_rank) {
      for (std::size_t k = 0; k < classes; ++k) {
        left[k] += counts[k];
        right[k] -= counts[k];
      }
      if (sum(left) < min_leaf || sum(right) < min_leaf) continue;
      const double purity = purity_of(left) + purity_of(right);
      if (purity > best.purity) {
        best = {purity, static_cast<int>(10 + c), rank};
        best_left = left;
      }
    }
  }
  return {best, best_left};
}

template <class Key>
class KeysOf : public testing::Test {
 protected:
  void expect_same_as_tried_all(const std::vector<Channel>& channels, int min_leaf, const std::string& what) {
    std::vector<Drawn> kinds;
    for (std::uint32_t draws = 1; draws <= 4; ++draws)
      for (std::uint32_t label = 0; label < classes; ++label) kinds.push_back({draws, label});
    std::vector<std::vector<Key>> keys;
    std::vector<int> numbers;
    for (const Channel& channel : channels) {
      keys.emplace_back();
      numbers.push_back(static_cast<int>(10 + numbers.size()));
      for (const Ranked& r : channel)
        keys.back().push_back(
            static_cast<Key>(Key{r.rank} << 4U | ((r.drawn.draws - 1) * classes + r.drawn.label)));
    }
    const std::vector<std::span<const Key>> spans(keys.begin(), keys.end());
    SplitSearch<Key> search(kinds, 4, classes, min_leaf);
    const auto [expected, left] = tried_all(channels, min_leaf);
    for (int again = 0; again < 2; ++again) {
      const Split found = search.find(numbers, spans, counts_of(channels[0]));
      EXPECT_EQ(found.purity, expected.purity) << what;
      EXPECT_EQ(found.channel, expected.channel) << what;
      EXPECT_EQ(found.last_left, expected.last_left) << what;
      if (expected.found()) {
        EXPECT_EQ(search.left_counts(), left) << what;
      }
    }
  }
};

using KeyTypes = testing::Types<std::uint32_t, std::uint64_t>;
TYPED_TEST_SUITE(KeysOf, KeyTypes);

/// Channels of which each tells a little more of the class than the one before it.
std::vector<Channel> random_channels(std::size_t count, std::size_t channels, std::uint32_t ranks,
                                     double tells, std::uint64_t seed) {
  Random random(seed);
  std::vector<Drawn> drawn(count);
  for (Drawn& d : drawn) d = {1 + random.below(4), random.below(classes)};
  std::vector<Channel> made(channels);
  for (std::size_t c = 0; c < channels; ++c)
    for (const Drawn& d : drawn) {
      const double value = random.uniform() + tells * static_cast<double>(c * d.label);
      const double most = 1 + tells * static_cast<double>(channels * classes);
      made[c].push_back({static_cast<std::uint32_t>(value / most * ranks), d});
    }
  return made;
}

TYPED_TEST(KeysOf, AnySizeAndSpreadGiveTheSplitThatTryingAllGives) {
  for (const std::size_t count : {1U, 2U, 3U, 20U, 100U, 512U, 513U, 900U, 5000U})
    for (const std::uint32_t ranks : {1U, 2U, 5U, 300U, 100000U})
      for (const double tells : {0.0, 0.02, 0.5, 5.0})
        for (const int min_leaf : {1, 30})
          this->expect_same_as_tried_all(random_channels(count, 5, ranks, tells, count + ranks), min_leaf,
                                         std::to_string(count) + " samples, " + std::to_string(ranks) +
                                             " ranks, " + std::to_string(tells) + ", min_leaf " +
                                             std::to_string(min_leaf));
}

/// Most samples in one bucket: it is bounded loosely and sorted otherwise.
TYPED_TEST(KeysOf, CrowdedRanksAreToldApart) {
  for (const std::size_t count : {300U, 3000U}) {
    auto channels = random_channels(count, 3, 1000, 0.2, 7);
    for (Channel& channel : channels) channel[5].rank = 50'000'000;
    this->expect_same_as_tried_all(channels, 1, "crowded");
  }
}

/// Equally pure thresholds, within a channel and between two: the first channel's lowest is taken.
TYPED_TEST(KeysOf, OfEquallyPureThresholdsTheFirstIsTaken) {
  for (const std::uint32_t count : {12U, 6000U}) {
    Channel mirrored;  // classes 0 1 1 0: as pure after the first quarter as after the third
    for (std::uint32_t s = 0; s < count; ++s) {
      const std::uint32_t quarter = s / (count / 4);
      mirrored.push_back({s, {1, quarter == 1 || quarter == 2 ? 1U : 0U}});
    }
    this->expect_same_as_tried_all({mirrored, mirrored}, 1, "mirrored");
    EXPECT_EQ(tried_all({mirrored, mirrored}, 1).first.last_left, count / 4 - 1);
    EXPECT_EQ(tried_all({mirrored, mirrored}, 1).first.channel, 10);
  }
}

}  // namespace
}  // namespace cleft::forest
