#include "review/thin_labels.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

/// The voxels of a row, an object of its own.
std::vector<GlobalVoxel> row(std::int64_t y, std::int64_t length) {
  std::vector<GlobalVoxel> voxels;
  for (std::int64_t x = 0; x < length; ++x) voxels.push_back({0, y, x});
  return voxels;
}

std::vector<DrawnVoxel> draw(const std::vector<GlobalVoxel>& object, std::int64_t most,
                             std::uint64_t seed = 1) {
  ObjectDraw of_object(most, seed);
  for (const GlobalVoxel& voxel : object) of_object.add(voxel);
  return std::move(of_object).drawn();
}

std::vector<DrawnVoxel> draw_all(const std::vector<std::vector<GlobalVoxel>>& objects, std::int64_t most) {
  ClassDraw all(most);
  for (const auto& object : objects) all.add(draw(object, most));
  return std::move(all).drawn();
}

std::map<std::int64_t, int> counts_by_row(const std::vector<DrawnVoxel>& drawn) {
  std::map<std::int64_t, int> counts;
  for (const DrawnVoxel& one : drawn) ++counts[one.voxel.y];
  return counts;
}

TEST(ThinLabels, takes_as_many_of_each_object_as_of_every_other) {
  const auto counts = counts_by_row(draw_all({row(0, 1000), row(1, 3), row(2, 50), row(3, 7)}, 40));
  EXPECT_EQ(counts, (std::map<std::int64_t, int>{{0, 15}, {1, 3}, {2, 15}, {3, 7}}));
}

TEST(ThinLabels, takes_one_each_of_some_where_there_are_more_objects_than_voxels_to_draw) {
  std::vector<std::vector<GlobalVoxel>> objects;
  for (std::int64_t y = 0; y < 100; ++y) objects.push_back(row(y, 5));
  const auto counts = counts_by_row(draw_all(objects, 30));
  EXPECT_EQ(counts.size(), 30U);
}

TEST(ThinLabels, depends_neither_on_order_nor_on_parts) {
  std::vector<std::vector<GlobalVoxel>> objects;
  for (std::int64_t y = 0; y < 20; ++y) objects.push_back(row(y, 10 * y + 1));
  const auto once = draw_all(objects, 64);
  std::ranges::reverse(objects);
  for (auto& object : objects) std::ranges::reverse(object);
  EXPECT_EQ(draw_all(objects, 64), once);
  ClassDraw together(64);  // as ranks do it: each draws of its own objects, then one of what they drew
  for (const std::size_t part : {0U, 1U}) {
    ClassDraw of_rank(64);
    for (std::size_t i = part; i < objects.size(); i += 2) of_rank.add(draw(objects[i], 64));
    together.add(std::move(of_rank).drawn());
  }
  EXPECT_EQ(std::move(together).drawn(), once);
}

TEST(ThinLabels, counts_a_voxel_of_several_objects_once) {
  const auto drawn = draw_all({row(0, 30), row(0, 20), row(1, 30)}, 100);
  EXPECT_EQ(counts_by_row(drawn), (std::map<std::int64_t, int>{{0, 30}, {1, 30}}));
}

TEST(ThinLabels, draws_all_voxels_of_an_object_alike_and_others_for_another_seed) {
  // 200 of 2000 along a line, by seed: every tenth of the line has about 20 of each draw.
  std::vector<int> tenths(10);
  for (std::uint64_t seed = 1; seed <= 50; ++seed)
    for (const DrawnVoxel& one : draw(row(0, 2000), 200, seed))
      ++tenths[static_cast<std::size_t>(one.voxel.x / 200)];
  for (const int tenth : tenths) EXPECT_NEAR(tenth, 1000, 150);  // five standard deviations
  EXPECT_NE(draw(row(0, 2000), 200, 1), draw(row(0, 2000), 200, 2));
}

TEST(FairLimit, is_that_of_the_rarest_class_within_bounds) {
  const auto limit = [](std::vector<std::int64_t> counts) { return fair_limit(counts, 5000); };
  EXPECT_EQ(limit({900, 0, 4000}), 900);
  EXPECT_EQ(limit({20, 0, 4000}), least_of_class);
  EXPECT_EQ(limit({9000, 8000}), 5000);
  EXPECT_EQ(limit({0, 0}), 5000);
  EXPECT_EQ(fair_limit(std::vector<std::int64_t>{9, 10}, 7), 7);
}

}  // namespace
}  // namespace cleft
