#include "base/box.hpp"

#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

/// Whether each coordinate lies in its half-open interval, axis by axis: the definition of a box.
bool holds(const Box& box, std::int64_t z, std::int64_t y, std::int64_t x) {
  return box.begin.z <= z && z < box.end.z && box.begin.y <= y && y < box.end.y && box.begin.x <= x &&
         x < box.end.x;
}

constexpr std::int64_t low = -3, high = 6;  // of the places that random boxes are compared at

/// Boxes of every kind: empty, flat, apart, overlapping.
Box random_box(Random& random) {
  const auto place = [&] { return static_cast<std::int64_t>(random.below(high - low)) + low; };
  const auto length = [&] { return static_cast<std::int64_t>(random.below(5)); };
  const GlobalVoxel begin{place(), place(), place()};
  return {begin, begin + Extent{length(), length(), length()}};
}

/// Calls visit for each place that a random box may hold, and around.
template <class Visit>
void everywhere(Visit visit) {
  for (std::int64_t z = low - 1; z < high + 5; ++z)
    for (std::int64_t y = low - 1; y < high + 5; ++y)
      for (std::int64_t x = low - 1; x < high + 5; ++x) visit(z, y, x);
}

TEST(PerAxis, CountsAxesFromTheSlowestToTheFastest) {
  Extent e{7, 8, 9};
  EXPECT_EQ(e[0], e.z);
  EXPECT_EQ(e[1], e.y);
  EXPECT_EQ(e[2], e.x);
  e[1] = 5;
  EXPECT_EQ(e, (Extent{7, 5, 9}));
}

TEST(Extent, IsAddedAndScaledAxisByAxis) {
  const Extent a{1, 20, 300}, b{4, 5, 6};
  EXPECT_EQ(a + b, (Extent{5, 25, 306}));
  EXPECT_EQ(a - b, (Extent{-3, 15, 294}));
  EXPECT_EQ(2 * a, (Extent{2, 40, 600}));
  EXPECT_EQ(voxel_count(a), 6000);
}

TEST(VoxelCount, IsNotCutToThirtyTwoBits) {
  EXPECT_EQ(voxel_count({10000, 50000, 50000}), 25'000'000'000'000);
}

TEST(LinearIndex, NumbersVoxelsInTheOrderOfMemory) {
  const Extent extent{3, 4, 5};
  std::int64_t expected = 0;
  for (std::int64_t z = 0; z < 3; ++z)
    for (std::int64_t y = 0; y < 4; ++y)
      for (std::int64_t x = 0; x < 5; ++x, ++expected) {
        EXPECT_EQ(linear_index(GlobalVoxel{z, y, x}, extent), expected);
        EXPECT_EQ(voxel_at(expected, extent), (GlobalVoxel{z, y, x}));
      }
}

TEST(LinearIndex, AndItsInverseAreExactInVolumesOfTrillionsOfVoxels) {
  const Extent extent{10000, 50000, 50001};
  for (const GlobalVoxel& p : {GlobalVoxel{9999, 49999, 50000}, {5000, 1, 49999}, {0, 49999, 0}}) {
    const std::int64_t n = linear_index(p, extent);
    EXPECT_EQ(n % extent.x, p.x);
    EXPECT_EQ(voxel_at(n, extent), p);
  }
  EXPECT_EQ(linear_index(GlobalVoxel{9999, 49999, 50000}, extent), voxel_count(extent) - 1);
}

TEST(Voxels, AreOrderedAsTheyStandInMemory) {
  const Extent extent{3, 3, 3};
  for (std::int64_t a = 0; a < 27; ++a)
    for (std::int64_t b = 0; b < 27; ++b) EXPECT_EQ(voxel_at(a, extent) < voxel_at(b, extent), a < b);
}

TEST(Box, HoldsItsFirstVoxelAndNotItsEnd) {
  const Box box{{1, 2, 3}, {4, 6, 8}};
  EXPECT_EQ(box.extent(), (Extent{3, 4, 5}));
  EXPECT_TRUE(box.contains(box.begin));
  EXPECT_TRUE(box.contains(GlobalVoxel{3, 5, 7}));
  for (const GlobalVoxel& outside :
       {GlobalVoxel{4, 5, 7}, {3, 6, 7}, {3, 5, 8}, {0, 2, 3}, {1, 1, 3}, {1, 2, 2}})
    EXPECT_FALSE(box.contains(outside));
  EXPECT_EQ(box.local({3, 5, 7}), (LocalVoxel{2, 3, 4}));
}

TEST(Box, IsEmptyWhenItHoldsNothing) {
  Random random(1);
  for (int n = 0; n < 300; ++n) {
    const Box box = random_box(random);
    bool any = false;
    everywhere([&](auto z, auto y, auto x) { any = any || holds(box, z, y, x); });
    EXPECT_EQ(box.empty(), !any) << to_string(box);
  }
  EXPECT_TRUE((Box{{0, 0, 5}, {9, 9, 2}}.empty()));  // the wrong way round
}

TEST(Intersection, HoldsWhatBothHold) {
  Random random(2);
  for (int n = 0; n < 300; ++n) {
    const Box a = random_box(random), b = random_box(random), common = intersection(a, b);
    int different = 0;
    everywhere([&](auto z, auto y, auto x) {
      different += holds(common, z, y, x) != (holds(a, z, y, x) && holds(b, z, y, x)) ? 1 : 0;
    });
    EXPECT_EQ(different, 0) << to_string(a) << " and " << to_string(b);
    EXPECT_EQ(intersection(b, a), common);
  }
}

TEST(Box, ContainsABoxWhoseVoxelsItHoldsAll) {
  Random random(3);
  int inside = 0;
  for (int n = 0; n < 500; ++n) {
    const Box b = random_box(random);
    Box a = random_box(random);
    a.end = a.end + Extent{3, 3, 3};  // so that some hold another
    if (b.empty()) continue;
    bool all = true;
    everywhere([&](auto z, auto y, auto x) { all = all && (!holds(b, z, y, x) || holds(a, z, y, x)); });
    EXPECT_EQ(a.contains(b), all) << to_string(a) << " and " << to_string(b);
    inside += all ? 1 : 0;
  }
  EXPECT_GT(inside, 5);
}

TEST(Grown, ReachesAsFarAsTheMarginAndNotBeyondTheLimits) {
  const Box limits = whole_box({20, 30, 40});
  EXPECT_EQ(grown({{5, 6, 7}, {8, 9, 10}}, {1, 2, 3}, limits), (Box{{4, 4, 4}, {9, 11, 13}}));
  EXPECT_EQ(grown({{0, 1, 38}, {1, 29, 40}}, {2, 2, 2}, limits), (Box{{0, 0, 36}, {3, 30, 40}}));
  EXPECT_EQ(grown(limits, {9, 9, 9}, limits), limits);
  EXPECT_EQ(grown(limits, {-1, -2, -3}, limits), (Box{{1, 2, 3}, {19, 28, 37}}));
}

TEST(Box, SaysWhereABoxStandsInAnArrayOfItsVoxels) {
  const Box padded{{10, 20, 30}, {14, 26, 38}};
  const Box owned{{11, 22, 33}, {13, 25, 37}};
  EXPECT_EQ(padded.local(owned), (LocalBox{{1, 2, 3}, {3, 5, 7}}));
  EXPECT_EQ(padded.local(padded), whole_array(padded.extent()));
  EXPECT_EQ(padded.local(owned).begin, padded.local(owned.begin));
  EXPECT_EQ(padded.local(owned).extent(), owned.extent());
}

/// An array may be cut out of another one: then places in the smaller are asked of the box that was cut out.
TEST(LocalBox, SaysWhereABoxStandsInAnArrayCutOutOfTheSameArray) {
  const LocalBox cut_out{{1, 2, 3}, {5, 6, 7}};
  EXPECT_EQ(cut_out.local(LocalVoxel{2, 2, 4}), (LocalVoxel{1, 0, 1}));
  EXPECT_EQ(cut_out.local(LocalBox{{2, 2, 4}, {3, 4, 5}}), (LocalBox{{1, 0, 1}, {2, 2, 2}}));
}

TEST(BoxAt, BeginsAndIsAsLargeAsSaid) {
  const LocalBox box = box_at(LocalVoxel{1, 2, 3}, {4, 5, 6});
  EXPECT_EQ(box, (LocalBox{{1, 2, 3}, {5, 7, 9}}));
  EXPECT_EQ(box.extent(), (Extent{4, 5, 6}));
}

/// A frame's box takes no voxel and no box of the other frame, and turns into no other box by itself.
template <class T, class Other>
concept mixes_with = requires(T box, Other other) {
  box.contains(other);
}
|| requires(T box, Other other) {
  intersection(box, other);
}
|| requires(T box, Other other) {
  box.local(other);
}
|| requires(T box, Other other) {
  box == other;
};

TEST(Box, OfTheVolumeAndOfAnArrayCannotBeMixed) {
  static_assert(!std::is_convertible_v<Box, LocalBox> && !std::is_convertible_v<LocalBox, Box>);
  static_assert(!std::is_constructible_v<LocalBox, Box> && !std::is_constructible_v<Box, LocalBox>);
  static_assert(!std::is_assignable_v<LocalBox&, Box> && !std::is_assignable_v<Box&, LocalBox>);
  static_assert(!mixes_with<Box, LocalBox> && !mixes_with<LocalBox, Box>);
  static_assert(!mixes_with<Box, LocalVoxel> && !mixes_with<LocalBox, GlobalVoxel>);
  static_assert(mixes_with<Box, Box> &&
                mixes_with<LocalBox, LocalBox>);  // what is asked for above does exist
  static_assert(mixes_with<Box, GlobalVoxel> && mixes_with<LocalBox, LocalVoxel>);
}

TEST(ToString, NamesTheAxes) {
  EXPECT_EQ(to_string(Box{{0, 300, 500}, {20, 352, 556}}), "z 0:20, y 300:352, x 500:556");
  EXPECT_EQ(to_string(LocalBox{{0, 1, 2}, {3, 4, 5}}), "z 0:3, y 1:4, x 2:5");
  EXPECT_EQ(to_string(Extent{20, 52, 56}), "20 x 52 x 56 (z, y, x)");
  EXPECT_EQ(to_string(VoxelSize{45, 4.6, 4.6}), "45 x 4.6 x 4.6 nm (z, y, x)");
}

}  // namespace
}  // namespace cleft
