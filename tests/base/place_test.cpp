#include "base/place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr VoxelSize size{40, 4.6, 4.6};
constexpr Extent large{24, 64, 64};

Place place(const std::string& subject, const Extent& extent,
            const std::optional<PerAxis<double>>& offset = {},
            const std::optional<VoxelSize>& voxel_size = size) {
  return {subject, extent, voxel_size, offset};
}

Box box(const Place& volume, const Place& part, const std::vector<StatedBegin>& stated = {}) {
  return box_in(volume, part, stated, "--begin Z,Y,X");
}

std::string failure(const Place& volume, const Place& part, const std::vector<StatedBegin>& stated = {}) {
  try {
    return "no error: " + to_string(box(volume, part, stated));
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(SameOffset, IsOneToAHundredthOfANanometreOnEachAxis) {
  EXPECT_TRUE(same_offset({40, 4.6, 9.2}, {40.009, 4.6, 9.191}));
  EXPECT_FALSE(same_offset({40, 4.6, 9.2}, {40.011, 4.6, 9.2}));
  EXPECT_FALSE(same_offset({40, 4.6, 9.2}, {40, 4.589, 9.2}));
  EXPECT_FALSE(same_offset({40, 4.6, 9.2}, {40, 4.6, 9.3}));
}

StatedBegin at(std::int64_t z, std::int64_t y, std::int64_t x) {
  return {"--begin", {z, y, x}};
}
StatedBegin section(std::int64_t z) {
  return {"first_section", {z, std::nullopt, std::nullopt}};
}

TEST(PlaceBox, IsWhereTheOffsetsSay) {
  const Box expected{{8, 3, 0}, {16, 10, 9}};
  const PerAxis<double> offset{320, 3 * 4.6, 0};
  EXPECT_EQ(box(place("v", large), place("p", {8, 7, 9}, offset)), expected);
  EXPECT_EQ(box(place("v", large, PerAxis<double>{}), place("p", {8, 7, 9}, offset)), expected);
  const PerAxis<double> world{-4000, 1e6, 77.7};
  EXPECT_EQ(box(place("v", large, world),
                place("p", {8, 7, 9}, PerAxis<double>{world.z + offset.z, world.y + offset.y, world.x})),
            expected);
  // One voxel size will do, and offsets stored in float32.
  EXPECT_EQ(box(place("v", large, {}, std::nullopt), place("p", {8, 7, 9}, offset)), expected);
  EXPECT_EQ(box(place("v", large), place("p", {8, 7, 9}, offset, std::nullopt)), expected);
  EXPECT_EQ(box(place("v", {9, 30000, 9}), place("p", {9, 1, 9}, PerAxis<double>{0, 20001 * 4.6F, 0})),
            (Box{{0, 20001, 0}, {9, 20002, 9}}));
}

TEST(PlaceBox, MayReachBeyondTheVolume) {
  EXPECT_EQ(box(place("v", large), place("p", {30, 70, 70}, PerAxis<double>{-80, -4.6, 4.6})),
            (Box{{-2, -1, 1}, {28, 69, 71}}));
  EXPECT_THAT(failure(place("v", large), place("p", {8, 64, 64}, PerAxis<double>{960, 0, 0})),
              HasSubstr("p: lies at z 24:32, y 0:64, x 0:64 of v; expected a part of it: z 0:24"));
}

TEST(PlaceBox, OfAnotherExtentMustBeSaid) {
  EXPECT_EQ(failure(place("v", large), place("p", {8, 64, 64})),
            "p: is 8 x 64 x 64 (z, y, x) voxels and does not say where it lies (it has no attribute offset); "
            "expected 24 x 64 x 64 (z, y, x) as v, or --begin Z,Y,X");
  EXPECT_THAT(failure(place("v", large, PerAxis<double>{80, 0, 0}), place("p", {8, 64, 64})),
              HasSubstr("does not say where it lies"));
  EXPECT_EQ(box(place("v", large), place("p", {8, 64, 64}), {at(5, 0, 0)}), (Box{{5, 0, 0}, {13, 64, 64}}));
  EXPECT_EQ(box(place("v", large), place("p", {8, 64, 64}), {section(5)}), (Box{{5, 0, 0}, {13, 64, 64}}));
  EXPECT_THAT(failure(place("v", large), place("p", {8, 60, 64}), {section(5)}),
              HasSubstr("does not say where it lies"));
}

TEST(PlaceBox, OfTheSameExtentIsTheVolumeUnlessSaidOtherwise) {
  EXPECT_EQ(box(place("v", large), place("p", large)), whole_box(large));
  EXPECT_EQ(box(place("v", large, PerAxis<double>{80, 0, 0}), place("p", large)), whole_box(large));
  EXPECT_EQ(box(place("v", large, {}, std::nullopt), place("p", large, {}, VoxelSize{1, 2, 3})),
            whole_box(large));
  EXPECT_EQ(box(place("v", large), place("p", large), {section(3)}), (Box{{3, 0, 0}, {27, 64, 64}}));
  EXPECT_THAT(failure(place("v", large, PerAxis<double>{80, 0, 0}), place("p", large, PerAxis<double>{})),
              AllOf(HasSubstr("p: has the offset z 0, y 0, x 0 nm, v has the offset z 80, y 0, x 0 nm"),
                    HasSubstr("expected the same offset, or --begin Z,Y,X that says the same")));
  EXPECT_EQ(box(place("v", large), place("p", large, PerAxis<double>{80, 0, 0}), {at(2, 0, 0)}),
            (Box{{2, 0, 0}, {26, 64, 64}}));
}

TEST(PlaceBox, ALargerOneWithoutAnOffsetLiesAtZeroIfItCoversTheVolume) {
  const Place part_of_it = place("v", {8, 10, 10}, PerAxis<double>{320, 46, 0});
  EXPECT_EQ(box(part_of_it, place("p", large)), (Box{{-8, -10, 0}, {16, 54, 64}}));
  EXPECT_THAT(failure(place("v", {8, 10, 10}, PerAxis<double>{800, 46, 0}), place("p", large)),
              HasSubstr("does not say where it lies"));
  EXPECT_THAT(failure(place("v", {8, 10, 10}, PerAxis<double>{}), place("p", large)),
              HasSubstr("does not say where it lies"));
}

TEST(PlaceBox, OffsetsBetweenVoxelsAreRefused) {
  EXPECT_THAT(
      failure(place("v", large, {}, VoxelSize{8, 8, 8}),
              place("p", {8, 64, 64}, PerAxis<double>{61, 0, 0}, VoxelSize{8, 8, 8})),
      AllOf(HasSubstr("p: has the offset z 61, y 0, x 0 nm: along z it is 7.625 voxels of 8 nm from v (no "
                      "offset)"),
            HasSubstr("expected a whole number of voxels")));
  EXPECT_THAT(failure(place("v", large), place("p", {8, 64, 64}, PerAxis<double>{0, 0, 2.3})),
              HasSubstr("along x it is 0.5 voxels"));
  EXPECT_THAT(failure(place("v", large), place("p", {8, 64, 64}, PerAxis<double>{1e300, 0, 0})),
              HasSubstr("whole number of voxels"));
}

TEST(PlaceBox, OffsetsOfLessThanAVoxelAreInAnotherUnit) {
  const VoxelSize eight{8, 8, 8};
  for (const PerAxis<double> um : {PerAxis<double>{0.08, 0, 0}, PerAxis<double>{0, 0, -0.01}})
    EXPECT_THAT(failure(place("v", large, {}, eight), place("p", {8, 64, 64}, um, eight)),
                HasSubstr("expected an offset in nm (not um), of whole voxels"));
  // What rounding leaves of a difference of large offsets is none.
  const Place far = place("v", large, PerAxis<double>{4.6e6, 0, 0}, eight);
  EXPECT_THAT(failure(far, place("p", {8, 64, 64}, PerAxis<double>{4.6e6 + 1e-6, 0, 0}, eight)),
              HasSubstr("no error: "));
}

TEST(PlaceBox, ContradictionsNameBoth) {
  EXPECT_THAT(
      failure(place("v", large), place("p", {8, 64, 64}, PerAxis<double>{320, 0, 0}), {at(7, 0, 0)}),
      AllOf(HasSubstr("p: begins at z 7, y 0, x 0 by --begin, and at z 8, y 0, x 0 by the offset z 320"),
            HasSubstr("expected one place")));
  EXPECT_THAT(failure(place("v", large), place("p", {8, 64, 64}, PerAxis<double>{320, 0, 0}), {section(7)}),
              HasSubstr("begins at z 7 by first_section, and at z 8 by the offset"));
  EXPECT_THAT(failure(place("v", large), place("p", {8, 64, 64}), {at(7, 0, 0), section(6)}),
              HasSubstr("begins at z 6 by first_section, and at z 7 by --begin"));
  EXPECT_EQ(
      box(place("v", large), place("p", {8, 64, 64}, PerAxis<double>{320, 0, 0}), {at(8, 0, 0), section(8)}),
      (Box{{8, 0, 0}, {16, 64, 64}}));
}

TEST(PlaceBox, OffsetsNeedAVoxelSizeThatBothAgreeOn) {
  EXPECT_THAT(failure(place("v", large, {}, std::nullopt),
                      place("p", {8, 64, 64}, PerAxis<double>{320, 0, 0}, std::nullopt)),
              HasSubstr("but neither it nor v has a voxel size"));
  EXPECT_THAT(
      failure(place("v", large), place("p", {8, 64, 64}, PerAxis<double>{320, 0, 0}, VoxelSize{8, 8, 8})),
      HasSubstr("p: has voxels of 8 x 8 x 8 nm (z, y, x); expected 40 x 4.6 x 4.6 nm (z, y, x) as v"));
  // At the same place nothing has to be converted.
  EXPECT_EQ(
      box(place("v", large, {}, std::nullopt), place("p", {8, 64, 64}, PerAxis<double>{}, std::nullopt)),
      (Box{{0, 0, 0}, {8, 64, 64}}));
}

TEST(PlaceVoxelSize, AnotherOneThanTheVolumesIsRefused) {
  const auto check = [](const std::optional<VoxelSize>& of_part, const std::string& way_out) {
    check_same_voxel_size(place("v", large), place("p", large, {}, of_part), way_out);
  };
  check(size, "");
  check(VoxelSize{40, 4.6F, 4.6F}, "");
  check(std::nullopt, "");
  EXPECT_NO_THROW(check_same_voxel_size(place("v", large, {}, std::nullopt), place("p", large), ""));
  EXPECT_THAT(
      [&] {
        check(VoxelSize{40, 4.6, 4.7}, "--size");
      },
      testing::ThrowsMessage<InputError>(
          "p: has voxels of 40 x 4.6 x 4.7 nm (z, y, x); expected 40 x 4.6 x 4.6 nm (z, y, x) as v, or "
          "--size"));
  EXPECT_THAT(
      [&] {
        check(VoxelSize{50, 4.6, 4.6}, "");
      },
      testing::ThrowsMessage<InputError>(testing::EndsWith("(z, y, x) as v")));
}

}  // namespace
}  // namespace cleft
