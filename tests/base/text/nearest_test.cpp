#include "base/text/nearest.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

/// The definition, word by word: the last characters are matched, substituted, deleted, inserted or swapped.
std::size_t distance_by_definition(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return std::max(a.size(), b.size());
  const auto shorter = [](std::string_view s, std::size_t n) { return s.substr(0, s.size() - n); };
  std::size_t best = distance_by_definition(shorter(a, 1), shorter(b, 1)) + (a.back() == b.back() ? 0 : 1);
  best = std::min(best, distance_by_definition(shorter(a, 1), b) + 1);
  best = std::min(best, distance_by_definition(a, shorter(b, 1)) + 1);
  if (a.size() > 1 && b.size() > 1 && a.back() == b[b.size() - 2] && b.back() == a[a.size() - 2])
    best = std::min(best, distance_by_definition(shorter(a, 2), shorter(b, 2)) + 1);
  return best;
}

TEST(Nearest, distance_is_that_of_the_definition) {
  const std::vector<std::string> words{"",     "a",      "ab",    "ba",    "sigma", "sgima",
                                       "sima", "sigmas", "xigma", "trees", "reset"};
  for (const auto& a : words)
    for (const auto& b : words) EXPECT_EQ(edit_distance(a, b), distance_by_definition(a, b)) << a << " " << b;
}

TEST(Nearest, a_swap_of_neighbours_counts_once) {
  EXPECT_EQ(edit_distance("detcet", "detect"), 1U);
}

TEST(Nearest, finds_the_word_that_was_meant_and_of_equals_the_first) {
  const std::vector<std::string> known{"import", "train", "detect", "brain"};
  EXPECT_EQ(nearest("detcet", known), "detect");
  EXPECT_EQ(nearest("rain", known), "train");
}

}  // namespace
}  // namespace cleft
