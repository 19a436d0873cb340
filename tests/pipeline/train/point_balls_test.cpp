#include "pipeline/train/point_balls.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "pipeline/train/training_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr VoxelSize flat{40, 4.6, 4.6};

double distance_nm(const GlobalVoxel& voxel, const PerAxis<double>& c, const VoxelSize& size) {
  return std::hypot((static_cast<double>(voxel.z) - c.z) * size.z,
                    (static_cast<double>(voxel.y) - c.y) * size.y,
                    (static_cast<double>(voxel.x) - c.x) * size.x);
}

template <class Use>
void for_each_voxel(const Box& box, const Use& use) {
  for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
    for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
      for (std::int64_t x = box.begin.x; x < box.end.x; ++x) use(GlobalVoxel{z, y, x});
}

/// The definition, voxel by voxel.
std::vector<LabelledVoxel> plain_labels(const std::vector<PointBall>& balls, const Box& box,
                                        const VoxelSize& size) {
  constexpr double rounding = 1e-6;  // nm
  std::vector<LabelledVoxel> labels;
  for_each_voxel(box, [&](const GlobalVoxel& voxel) {
    std::map<std::uint8_t, double> nearest;
    for (const PointBall& ball : balls) {
      const double distance = distance_nm(voxel, ball.centre, size);
      if (ball.label == 0 || distance > ball.radius_nm + rounding) continue;
      const auto [at, is_new] = nearest.try_emplace(ball.label, distance);
      at->second = std::min(at->second, distance);
    }
    for (const auto& [label, distance] : nearest)
      if (std::all_of(nearest.begin(), nearest.end(), [&, l = label, d = distance](const auto& other) {
            return other.first == l || other.second > d + rounding;
          }))
        labels.push_back({voxel, label});
  });
  return labels;
}

/// Centres at quarters of voxels, so that many voxels are equally near to several.
std::vector<PointBall> random_balls(std::uint64_t seed, std::size_t count, const Box& around) {
  Random random(seed);
  std::vector<PointBall> balls;
  const auto place = [&](std::int64_t begin, std::int64_t end) {
    return static_cast<double>(begin) + random.below(static_cast<std::uint32_t>(4 * (end - begin))) / 4.0;
  };
  for (std::size_t i = 0; i < count; ++i)
    balls.push_back({{place(around.begin.z, around.end.z), place(around.begin.y, around.end.y),
                      place(around.begin.x, around.end.x)},
                     4.6 * (1 + random.below(12)),
                     static_cast<std::uint8_t>(random.below(4))});
  return balls;
}

TEST(LabelBalls, AreWhatAPlainLoopOverAllVoxelsFinds) {
  const Box box{{2, 3, 5}, {14, 40, 44}}, around{{-3, -3, 0}, {16, 45, 50}};
  for (const VoxelSize& size : {flat, VoxelSize{10, 10, 10}, VoxelSize{5, 12, 7.3}})
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
      const auto balls = random_balls(seed, 60, around);
      const auto found = label_balls(balls, box, size);
      EXPECT_EQ(found, plain_labels(balls, box, size)) << seed;
      EXPECT_GT(found.size(), 100U);
    }
}

TEST(LabelBalls, HoldVoxelsExactlyAsFarAsTheRadius) {
  // 3 times 4.6 is not 13.8 in binary.
  EXPECT_THAT(label_balls(std::vector<PointBall>{{{1, 5, 5}, 13.8, 1}}, {{1, 5, 0}, {2, 6, 10}}, flat),
              testing::SizeIs(7));
  EXPECT_THAT(label_balls(std::vector<PointBall>{{{1, 5, 5}, 13.7, 1}}, {{1, 5, 0}, {2, 6, 10}}, flat),
              testing::SizeIs(5));
}

TEST(LabelBalls, ShareWhatIsBetweenThem) {
  const Box row{{0, 0, 0}, {1, 1, 9}};
  // The voxel in the middle is equally near to both.
  EXPECT_THAT(
      label_balls(std::vector<PointBall>{{{0, 0, 2}, 25, 1}, {{0, 0, 6}, 25, 2}}, row, {10, 10, 10}),
      ElementsAre(LabelledVoxel{{0, 0, 0}, 1}, LabelledVoxel{{0, 0, 1}, 1}, LabelledVoxel{{0, 0, 2}, 1},
                  LabelledVoxel{{0, 0, 3}, 1}, LabelledVoxel{{0, 0, 5}, 2}, LabelledVoxel{{0, 0, 6}, 2},
                  LabelledVoxel{{0, 0, 7}, 2}, LabelledVoxel{{0, 0, 8}, 2}));
  // The smaller ball has what is nearer to it, though the larger one holds it all.
  EXPECT_THAT(label_balls(std::vector<PointBall>{{{0, 0, 1}, 100, 1}, {{0, 0, 4}, 5, 2}}, row, {10, 10, 10}),
              testing::Contains(LabelledVoxel{{0, 0, 4}, 2}));
  // One of no label takes nothing away.
  EXPECT_THAT(label_balls(std::vector<PointBall>{{{0, 0, 1}, 5, 1}, {{0, 0, 1}, 5, 0}}, row, {10, 10, 10}),
              ElementsAre(LabelledVoxel{{0, 0, 1}, 1}));
}

TEST(LabelBalls, MayBeLargerThanAllThatThereIs) {
  const std::vector<PointBall> balls{{{0, 0, 0}, 1e300, 1}};
  EXPECT_EQ(label_balls(balls, whole_box({3, 4, 5}), flat).size(), 60U);
  EXPECT_EQ(count_ball_voxels(balls, whole_box({3, 4, 5}), flat), 60);
}

TEST(LabelBalls, AreCountedBallByBall) {
  const std::vector<PointBall> balls{{{0, 0, 2}, 10, 1}, {{0, 0, 2}, 10, 0}, {{0, 0, 9}, 10, 1}};
  EXPECT_EQ(count_ball_voxels(balls, {{0, 0, 0}, {1, 1, 9}}, {10, 10, 10}), 3 + 3 + 1);
}

class DrawRest : public testing::Test {
 protected:
  /// All that may be drawn, by the definition.
  std::set<GlobalVoxel> allowed(const Box& box, double distance, const Array3<std::uint8_t>* mask) const {
    std::set<GlobalVoxel> voxels;
    for_each_voxel(box, [&](const GlobalVoxel& voxel) {
      const bool inside = mask == nullptr || (*mask)(voxel.z, voxel.y, voxel.x) != 0;
      if (inside && std::all_of(balls_.begin(), balls_.end(), [&](const PointBall& ball) {
            return distance_nm(voxel, ball.centre, flat) > std::max(distance, ball.radius_nm) + 1e-6;
          }))
        voxels.insert(voxel);
    });
    return voxels;
  }
  static std::set<GlobalVoxel> places(const std::vector<LabelledVoxel>& drawn) {
    std::set<GlobalVoxel> voxels;
    for (const LabelledVoxel& label : drawn) {
      EXPECT_EQ(label.label, 3);
      EXPECT_TRUE(voxels.empty() || *voxels.rbegin() < label.voxel) << "in order, each once";
      voxels.insert(label.voxel);
    }
    return voxels;
  }
  std::set<GlobalVoxel> drawn(std::int64_t count, const MaskReader* mask = nullptr, std::uint64_t seed = 1) {
    return places(draw_rest(balls_, box_, flat, {3, count, distance_, seed}, mask));
  }

  const Box box_{{1, 2, 3}, {13, 38, 42}};
  const double distance_ = 30;
  const std::vector<PointBall> balls_ = random_balls(5, 12, {{-2, -2, -2}, {16, 44, 48}});
};

TEST_F(DrawRest, TakesAnyVoxelThatIsFarEnoughAndNoOther) {
  const auto all = allowed(box_, distance_, nullptr);
  ASSERT_GT(all.size(), 1000U);
  ASSERT_LT(all.size(), static_cast<std::size_t>(voxel_count(box_.extent())) * 9 / 10);
  EXPECT_EQ(drawn(static_cast<std::int64_t>(all.size())), all);
  EXPECT_EQ(drawn(1 << 20), all) << "no more than there are";
}

TEST_F(DrawRest, OfFewerThereAreFewerOfTheSame) {
  const auto some = drawn(500), more = drawn(501), other = drawn(500, nullptr, 2);
  EXPECT_EQ(some.size(), 500U);
  EXPECT_EQ(more.size(), 501U);
  EXPECT_TRUE(std::ranges::includes(more, some));
  EXPECT_NE(some, other);
  EXPECT_EQ(some, drawn(500));
  EXPECT_THAT(drawn(0), IsEmpty());
}

TEST_F(DrawRest, EveryVoxelIsAsLikelyAsAnyOther) {
  const auto all = allowed(box_, distance_, nullptr);
  const std::vector<GlobalVoxel> ordered(all.begin(), all.end());
  // By position among all that may be drawn; 5 standard deviations of 100 draws of a tenth, 60 times.
  std::vector<int> tenths(10);
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const GlobalVoxel& voxel : drawn(100, nullptr, seed)) {
      const auto at = static_cast<std::size_t>(std::ranges::lower_bound(ordered, voxel) - ordered.begin());
      ++tenths.at(at * 10 / ordered.size());
    }
  for (const int n : tenths) EXPECT_NEAR(n, 600, 5 * std::sqrt(600 * 0.9));
}

TEST_F(DrawRest, StaysInsideTheMask) {
  const test::TempDirectory dir;
  Array3<std::uint8_t> mask(test::training_extent);
  Random random(8);
  for (std::uint8_t& value : mask.voxels()) value = random.below(50) == 0 ? 1 : 0;
  test::write_volume(dir / "m.h5", "m", mask);
  const MaskReader reader({VolumePath{dir / "m.h5", "m"}, {}});
  const auto all = allowed(box_, distance_, &mask);
  ASSERT_GT(all.size(), 50U);
  EXPECT_EQ(drawn(1 << 20, &reader), all);
  const auto some = drawn(40, &reader);
  EXPECT_EQ(some.size(), 40U);
  EXPECT_TRUE(std::ranges::includes(all, some));
}

TEST_F(DrawRest, OfASmallerMaskWhatItDoesNotCoverIsOutside) {
  const test::TempDirectory dir;
  Array3<std::uint8_t> mask({3, 300, 7});
  std::ranges::fill(mask.voxels(), std::uint8_t{1});
  test::write_volume(dir / "m.h5", "m", mask);
  const MaskReader reader({VolumePath{dir / "m.h5", "m"}, {4, -20, 30}});
  Array3<std::uint8_t> laid(test::training_extent);
  for_each_voxel({{4, 0, 30}, {7, 40, 37}}, [&](const GlobalVoxel& v) { laid(v.z, v.y, v.x) = 1; });
  EXPECT_EQ(drawn(1 << 20, &reader), allowed(box_, distance_, &laid));
  const MaskReader away({VolumePath{dir / "m.h5", "m"}, {40, 0, 0}});
  EXPECT_THAT(drawn(10, &away), IsEmpty());
}

TEST_F(DrawRest, KeepsOutOfBallsThatAreLargerThanTheDistance) {
  EXPECT_EQ(places(draw_rest(balls_, box_, flat, {3, 1 << 20, 0, 1}, nullptr)), allowed(box_, 0, nullptr));
}

}  // namespace
}  // namespace cleft
