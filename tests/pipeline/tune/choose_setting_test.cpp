#include "pipeline/tune/choose_setting.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

/// Settings that were judged, as search_settings has them.
struct Tried {
  std::vector<GridSetting> settings;
  std::vector<Agreement> agreements;
  SettingOutcomes outcomes;

  void add(const GridPlace& at, const std::vector<CellOutcome>& cells) {
    settings.push_back({at, {}});
    Agreement& sum = agreements.emplace_back();
    for (const CellOutcome& cell : cells) {
      sum.matched += cell.matched;
      sum.missed += cell.missed;
      sum.false_found += cell.false_found;
    }
    outcomes.rows.push_back(outcomes.table.add(cells));
  }
  Choice choose(std::size_t configured, const BootstrapOptions& bootstrap = {}) const {
    return choose_setting(settings, agreements, outcomes, configured, bootstrap);
  }
};

/// One cell for each of so many: matched, missed, then false ones, shared out over all cells.
std::vector<CellOutcome> cells_of(std::int64_t matched, std::int64_t missed, std::int64_t false_found) {
  std::vector<CellOutcome> cells(std::size_t(matched + missed));
  for (std::size_t c = 0; c < cells.size(); ++c)
    (std::int64_t(c) < matched ? cells[c].matched : cells[c].missed) = 1;
  for (std::int64_t n = 0; n < false_found; ++n) ++cells[std::size_t(n * 7) % cells.size()].false_found;
  return cells;
}

TEST(ChooseSetting, ChangesWhatIsBeatenBeyondLuck) {
  Tried tried;
  tried.add({0}, cells_of(3, 46, 0));
  tried.add({1}, cells_of(32, 17, 9));
  const Choice choice = tried.choose(0);
  EXPECT_FALSE(choice.keeps_configured);
  EXPECT_EQ(choice.chosen(0), 1U);
  EXPECT_NEAR(choice.configured_f1, 6.0 / 52, 1e-12);
  EXPECT_NEAR(choice.best_f1, 64.0 / 90, 1e-12);
  EXPECT_GT(choice.bias.optimism, 0);
  EXPECT_NEAR(choice.gain(), choice.best_f1 - choice.configured_f1 - choice.bias.optimism, 1e-12);
}

TEST(ChooseSetting, KeepsWhatIsHardlyBeaten) {
  Tried tried;
  tried.add({0}, cells_of(30, 10, 10));
  tried.add({1}, cells_of(32, 8, 9));
  const Choice choice = tried.choose(0);
  EXPECT_EQ(choice.best, 1U);
  EXPECT_TRUE(choice.keeps_configured);
  EXPECT_EQ(choice.chosen(0), 0U);
}

TEST(ChooseSetting, KeepsTheConfiguredWhereNoneIsBetter) {
  Tried tried;
  tried.add({0}, cells_of(10, 20, 5));
  tried.add({1}, cells_of(20, 10, 5));
  const Choice choice = tried.choose(1);
  EXPECT_EQ(choice.best, 1U);
  EXPECT_TRUE(choice.keeps_configured);
}

TEST(ChooseSetting, NothingFoundIsAnF1OfNothing) {
  Tried tried;
  tried.add({0}, cells_of(0, 20, 0));
  tried.add({1}, cells_of(12, 8, 3));
  const Choice choice = tried.choose(0);
  EXPECT_EQ(choice.configured_f1, 0);
  EXPECT_FALSE(choice.keeps_configured);
}

TEST(ChooseSetting, OfEqualsTheOneWithTheFewestChangedKeys) {
  Tried tried;
  const auto good = cells_of(40, 2, 2), bad = cells_of(5, 37, 20);
  tried.add({0, 0}, bad);
  tried.add({3, 3}, good);
  tried.add({6, 0}, good);
  tried.add({9, 9}, good);
  EXPECT_EQ(tried.choose(0).best, 2U);
}

TEST(ChooseSetting, OfEquallyNearOnesTheOneAmongGoodNeighbours) {
  Tried tried;
  const auto good = cells_of(40, 2, 2), fair = cells_of(35, 7, 5), bad = cells_of(5, 37, 20);
  std::size_t place = 0;
  for (const auto& cells : {bad, good, bad, bad, fair, good, fair, bad}) tried.add({place++}, cells);
  EXPECT_EQ(tried.choose(7).best, 5U);
}

/// Settings that find every object with the same chance, but for the better one; each object is as hard for
/// most settings as for others, as real ones are.
Tried simulated(std::size_t count, std::size_t objects, double found, double found_by_last, Random& random) {
  std::vector<double> hardness(objects);
  for (double& h : hardness) h = random.uniform();
  Tried tried;
  for (std::size_t n = 0; n < count; ++n) {
    std::vector<CellOutcome> cells(objects);
    const double chance = n + 1 == count ? found_by_last : found;
    for (std::size_t c = 0; c < objects; ++c) {
      const double draw = random.uniform() < 0.5 ? hardness[c] : random.uniform();
      (draw < chance ? cells[c].matched : cells[c].missed) = 1;
      while (random.uniform() < 0.15) ++cells[c].false_found;
    }
    tried.add({n}, cells);
  }
  return tried;
}

/// How many of so many simulated truths lead to a change, and how many of these to the last setting.
std::pair<int, int> changes(int truths, std::size_t count, std::size_t objects, double found,
                            double found_by_last) {
  constexpr BootstrapOptions quick{.resamplings = 200, .seed = 1};
  int changed = 0, to_last = 0;
  for (int truth = 0; truth < truths; ++truth) {
    Random random(99, std::uint64_t(truth));
    const Tried tried = simulated(count, objects, found, found_by_last, random);
    const std::size_t chosen = tried.choose(0, quick).chosen(0);
    changed += chosen != 0 ? 1 : 0;
    to_last += chosen == count - 1 ? 1 : 0;
  }
  return {changed, to_last};
}

TEST(ChooseSetting, EquallyGoodSettingsAreKeptInNineteenOfTwentyTruths) {
  for (const std::size_t count : {2, 20, 300})
    for (const std::size_t objects : {20, 50})
      EXPECT_LE(changes(200, count, objects, 0.8, 0.8).first, 10)
          << count << " settings, " << objects << " objects";
}

TEST(ChooseSetting, AMuchBetterSettingIsFoundAmongMany) {
  for (const std::size_t count : {2, 20, 300}) {
    const auto [changed, to_last] = changes(100, count, 20, 0.1, 0.9);
    EXPECT_GE(to_last, 95) << count << " settings";
    EXPECT_EQ(changed, to_last);
  }
}

}  // namespace
}  // namespace cleft
