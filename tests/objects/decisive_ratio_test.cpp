#include "objects/decisive_ratio.hpp"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

std::vector<RatioStep> random_steps(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<RatioStep> steps;
  for (std::size_t i = 0; i < count; ++i) steps.push_back(static_cast<RatioStep>(random.below(30)));
  return steps;
}

/// Every step of the list, the highest first.
std::vector<RatioStep> listed(const HighestSteps& steps) {
  std::vector<RatioStep> all;
  for (const StepCount& count : steps)
    all.insert(all.end(), static_cast<std::size_t>(count.voxels), count.step);
  return all;
}

/// The first `needed` of a sorted list.
std::vector<RatioStep> plain_highest(std::vector<RatioStep> steps, std::int64_t needed) {
  std::sort(steps.begin(), steps.end(), std::greater<>());
  steps.resize(std::min(steps.size(), static_cast<std::size_t>(needed)));
  return steps;
}

TEST(HighestSteps, AreThoseOfASortedList) {
  for (const std::int64_t needed : {1, 2, 17, 100, 1000})
    for (const std::size_t count : {0U, 1U, 17U, 100U}) {
      const auto steps = random_steps(count, count + 1);
      auto copy = steps;
      const HighestSteps found = highest_steps(copy, needed);
      EXPECT_EQ(listed(found), plain_highest(steps, needed));
      EXPECT_LE(found.size(), 30U);  // each step once
      const auto sorted = plain_highest(steps, needed);
      EXPECT_EQ(decisive_step(found, needed), std::ssize(sorted) < needed ? 0 : sorted.back());
    }
}

TEST(HighestSteps, OfPartsTogetherAreThoseOfTheWhole) {
  for (const std::int64_t needed : {1, 9, 40, 500}) {
    const auto a = random_steps(60, 1), b = random_steps(25, 2), c = random_steps(3, 3);
    auto all = a;
    all.insert(all.end(), b.begin(), b.end());
    all.insert(all.end(), c.begin(), c.end());
    const auto of = [&](std::vector<RatioStep> steps) { return highest_steps(steps, needed); };
    const HighestSteps whole = of(all);
    EXPECT_EQ(combine(combine(of(a), of(b), needed), of(c), needed), whole);
    EXPECT_EQ(combine(of(c), combine(of(b), of(a), needed), needed), whole);
    EXPECT_EQ(combine(whole, {}, needed), whole);
  }
}

TEST(HighestSteps, OfABlockAreTakenApartByComponent) {
  const auto mask = test::random_mask({5, 9, 11}, 0.4, 8);
  const LabelledBlock block = label_block(mask.view(), Connectivity::six);
  const auto components = test::flood_fill(mask.view(), Connectivity::six);
  std::vector<RatioStep> steps;
  std::vector<std::vector<RatioStep>> of_component(block.component_count);
  const auto random = random_steps(mask.voxels().size(), 4);
  for (std::size_t i = 0; i < mask.voxels().size(); ++i) {
    if (mask.voxels()[i] == 0) continue;
    steps.push_back(random[i]);
    of_component.at(components.voxels()[i] - 1).push_back(random[i]);
  }
  const auto found = highest_steps_of_components(block, steps, 6);
  ASSERT_EQ(found.size(), of_component.size());
  for (std::size_t c = 0; c < found.size(); ++c)
    EXPECT_EQ(listed(found[c]), plain_highest(of_component[c], 6)) << c;
}

}  // namespace
}  // namespace cleft
