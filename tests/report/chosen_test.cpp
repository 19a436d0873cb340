#include "report/chosen.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// Synapses of these sizes, and behind them candidates of these decisive ratios.
std::vector<Synapse> table_of(const std::vector<std::int64_t>& sizes, const std::vector<double>& ratios) {
  std::vector<Synapse> table;
  for (const auto size : sizes) {
    Synapse row;
    row.id = table.size() + 1;
    row.size = size;
    table.push_back(row);
  }
  for (const double ratio : ratios) {
    Synapse row;
    row.id = table.size() + 1;
    row.decisive_ratio = ratio;
    row.accepted = 0;
    table.push_back(row);
  }
  return table;
}

using Rows = std::vector<std::size_t>;

TEST(Chosen, largest_first_and_of_equals_the_first) {
  const auto table = table_of({5, 9, 9, 7, 9}, {});
  const Chosen chosen = choose_objects(table, {.max_objects = 2});
  EXPECT_EQ(chosen.rows, (Rows{1, 2}));
  EXPECT_EQ(chosen.why, "the largest 2 of 5 synapses");
  EXPECT_FALSE(chosen.is_fair_sample);
}

TEST(Chosen, candidates_fill_what_is_left) {
  const auto table = table_of({5, 9}, {1.5, 6, 3});
  const Chosen chosen = choose_objects(table, {.max_objects = 4});
  EXPECT_EQ(chosen.rows, (Rows{0, 1, 3, 4}));
  EXPECT_EQ(chosen.why, "all 2 synapses and the likeliest 2 of 3 candidates");
  EXPECT_TRUE(chosen.is_fair_sample);
  EXPECT_EQ(choose_objects(table, {.max_objects = 1}).why, "the largest 1 of 2 synapses, no candidate");
}

TEST(Chosen, all_whatever_their_number) {
  const Chosen chosen = choose_objects(table_of({1, 2, 3}, {4}), {.max_objects = 1, .choose = ChooseBy::all});
  EXPECT_EQ(chosen.rows, (Rows{0, 1, 2, 3}));
  EXPECT_TRUE(chosen.is_fair_sample);
}

TEST(Chosen, a_sample_is_the_same_each_time_and_another_with_another_seed) {
  const auto table = table_of(std::vector<std::int64_t>(500, 8), {1, 2});
  const ReportOptions options{.max_objects = 50, .choose = ChooseBy::sample, .seed = 1};
  const Chosen chosen = choose_objects(table, options);
  EXPECT_EQ(std::set<std::size_t>(chosen.rows.begin(), chosen.rows.end()).size(), 50U);
  EXPECT_TRUE(std::all_of(chosen.rows.begin(), chosen.rows.end(),
                          [&](auto row) { return table[row].accepted != 0; }));
  EXPECT_EQ(choose_objects(table, options).rows, chosen.rows);
  EXPECT_NE(choose_objects(table, {.max_objects = 50, .choose = ChooseBy::sample, .seed = 2}).rows,
            chosen.rows);
  EXPECT_TRUE(chosen.is_fair_sample);
  EXPECT_EQ(chosen.why, "a random sample (seed 1) of 50 of 500 synapses, no candidate");
}

TEST(Chosen, of_an_empty_table_is_nothing) {
  for (const auto choose : {ChooseBy::largest, ChooseBy::sample, ChooseBy::all})
    EXPECT_TRUE(choose_objects({}, {.choose = choose}).rows.empty());
}

}  // namespace
}  // namespace cleft
