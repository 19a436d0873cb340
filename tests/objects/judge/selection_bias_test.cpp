#include "objects/judge/selection_bias.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

using Cells = std::vector<CellOutcome>;

/// A setting that finds each object with the same chance, and has false detections near some.
Cells simulated(std::size_t objects, double found, double spurious, Random& random) {
  Cells cells(objects);
  for (CellOutcome& cell : cells) {
    (random.uniform() < found ? cell.matched : cell.missed) = 1;
    while (random.uniform() < spurious) ++cell.false_found;
  }
  return cells;
}

double f1_of(const Cells& cells) {
  Agreement sum;
  for (const CellOutcome& cell : cells) {
    sum.matched += cell.matched;
    sum.missed += cell.missed;
    sum.false_found += cell.false_found;
  }
  return sum.f1().value_or(0);
}

TEST(OutcomeTable, KeepsWhatIsAddedAndEqualsOnce) {
  OutcomeTable table;
  const Cells few{{1, 0, 0}, {0, 1, 3}, {0, 0, 41}}, many{{1, 0, 42}, {0, 0, 43}, {0, 1, 5'000'000'000}};
  EXPECT_EQ(table.add(few), 0U);
  EXPECT_EQ(table.add(many), 1U);
  EXPECT_EQ(table.add(few), 0U);
  const OutcomeTable moved = std::move(table);
  EXPECT_EQ(moved.size(), 2U);
  EXPECT_EQ(moved.row(0), few);
  EXPECT_EQ(moved.row(1), many);
}

TEST(SelectionBias, IsWhatItsDefinitionSays) {
  constexpr std::size_t objects = 12, settings = 6;
  constexpr BootstrapOptions bootstrap{.resamplings = 150, .seed = 7};
  Random random(3);
  std::vector<Cells> all;
  OutcomeTable table;
  for (std::size_t s = 0; s < settings; ++s) {
    all.push_back(simulated(objects, 0.4 + 0.1 * double(s), 0.3, random));
    ASSERT_EQ(table.add(all.back()), s);
  }
  // By drawing the cells themselves.
  std::vector<double> largest, lead;
  for (int n = 0; n < bootstrap.resamplings; ++n) {
    Random drawing(bootstrap.seed, std::uint64_t(n));
    std::vector<std::size_t> drawn(objects);
    for (auto& cell : drawn) cell = drawing.below(objects);
    const auto f1_drawn = [&](const Cells& cells) {
      Cells again;
      for (const std::size_t cell : drawn) again.push_back(cells[cell]);
      return f1_of(again);
    };
    double most = 0;
    for (const Cells& cells : all)
      most = std::max(most, f1_drawn(cells) - f1_drawn(all[1]) - (f1_of(cells) - f1_of(all[1])));
    largest.push_back(most);
    lead.push_back(f1_drawn(all[5]) - f1_drawn(all[1]));
  }
  const auto mean = [](const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values) sum += v;
    return sum / double(values.size());
  };
  double squares = 0;
  for (const double v : lead) squares += (v - mean(lead)) * (v - mean(lead));
  const double leads = f1_of(all[5]) - f1_of(all[1]);
  const auto reached = std::ranges::count_if(largest, [&](double v) { return v >= leads - 1e-12; });

  const SelectionBias bias = selection_bias(table, 1, 5, bootstrap);
  EXPECT_NEAR(bias.optimism, mean(largest), 1e-12);
  EXPECT_GT(bias.optimism, 0.05);
  EXPECT_NEAR(bias.standard_error, std::sqrt(squares / double(lead.size() - 1)), 1e-12);
  EXPECT_NEAR(bias.chance, (1 + double(reached)) / (1 + bootstrap.resamplings), 1e-12);
}

TEST(SelectionBias, OfEqualSettingsThereIsNone) {
  OutcomeTable table;
  Random random(2);
  const auto row = table.add(simulated(20, 0.7, 0.2, random));
  const SelectionBias bias = selection_bias(table, row, row, {});
  EXPECT_EQ(bias.optimism, 0);
  EXPECT_EQ(bias.standard_error, 0);
  EXPECT_EQ(bias.chance, 1);
}

TEST(SelectionBias, WithoutATruthThereIsNothingToDraw) {
  OutcomeTable table;
  const auto row = table.add(Cells{});
  EXPECT_EQ(selection_bias(table, row, row, {}).chance, 1);
}

}  // namespace
}  // namespace cleft
