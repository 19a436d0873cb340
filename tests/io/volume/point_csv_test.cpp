#include "io/volume/point_csv.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<MarkedPoint> points_of(const std::string& text, const Extent& begin = {0, 0, 0}) {
  const test::TempDirectory dir;
  test::write_bytes(dir / "p.csv", text);
  return read_point_csv(dir / "p.csv", begin);
}

void expect_refused(const std::string& text, const std::string& message) {
  EXPECT_THAT([&] { points_of(text); }, ThrowsMessage<InputError>(HasSubstr(message))) << text;
}

TEST(PointCsv, PlacesMayHaveFractionsAndClassesAnyName) {
  const auto points = points_of("# mine\n0.5,8.25,56,synapse\n-1e1,0,0,ignore\n");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].centre, (PerAxis<double>{0.5, 8.25, 56}));
  EXPECT_EQ(points[0].of_class, "synapse");
  EXPECT_EQ(points[0].radius_nm, std::nullopt);
  EXPECT_EQ(points[0].line, 2U);
  EXPECT_EQ(points[1].centre, (PerAxis<double>{-10, 0, 0}));
  EXPECT_EQ(points[1].line, 3U);
}

TEST(PointCsv, ARowMayHaveItsRadius) {
  const auto points = points_of("class;X;z;Radius_nm;y;sure\nsynapse;3;1;62.5;2;3\nsynapse;3;1;;2;3\n");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].centre, (PerAxis<double>{1, 2, 3}));
  EXPECT_EQ(points[0].radius_nm, 62.5);
  EXPECT_EQ(points[1].radius_nm, std::nullopt);
}

TEST(PointCsv, ARadiusByAnotherNameIsRefused) {
  for (const std::string name : {"radius", "Radius", "radius_um", "radius nm"})
    expect_refused(
        "z,y,x,class," + name + "\n1,2,3,synapse,4\n",
        "p.csv:1: names a column '" + name + "'; expected radius_nm, or a name that does not begin");
  EXPECT_EQ(points_of("z,y,x,class,size,radi\n1,2,3,synapse,4,5\n").size(), 1U);
  EXPECT_EQ(points_of("z,y,x,class,radius_nm,radius_px\n1,2,3,synapse,4,5\n").front().radius_nm, 4.0);
}

TEST(PointCsv, PointsOfNapariStayWhereTheMouseWas) {
  const auto points = points_of("index,axis-0,axis-1,axis-2,class\n0,1.25,2.5,3.75,synapse\n");
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].centre, (PerAxis<double>{1.25, 2.5, 3.75}));
}

TEST(PointCsv, OfACutLieWhereTheCutBegins) {
  EXPECT_EQ(points_of("1.5,2,3,a\n", {10, 20, -30}).front().centre, (PerAxis<double>{11.5, 22, -27}));
}

TEST(PointCsv, ATableWithoutRowsHasNone) {
  EXPECT_TRUE(points_of("z,y,x,class\n").empty());
}

TEST(PointCsv, BadRowsAreNamed) {
  expect_refused("1,2,3,a\n1,b,3,a\n", "p.csv:2: y is 'b'; expected a number");
  expect_refused("1;2,5;3;a\n", "p.csv:1: y is '2,5' (numbers are written 4.6 or 1000, without a comma)");
  expect_refused("1,2,nan,a\n", "p.csv:1: x is 'nan'; expected a number");
  expect_refused("1,2,1e16,a\n", "p.csv:1: x is '1e16'; expected a number");
  expect_refused("1,2,3\n", "p.csv:1: has 3 fields; expected 4 (z,y,x,class)");
  expect_refused("z,y,x,radius_nm\n1,2,3,4\n", "p.csv:1: names no column class");
  for (const char* radius : {"0", "-1", "-0.0"})
    expect_refused(std::string("z,y,x,class,radius_nm\n1,2,3,a,") + radius + "\n",
                   std::string("p.csv:2: radius_nm is '") + radius + "'; expected a number above 0");
  expect_refused("z,y,x,class,radius_nm\n1,2,3,a,big\n", "p.csv:2: radius_nm is 'big'; expected a number");
  expect_refused("z,y,x,class,radius_nm,RADIUS_NM\n1,2,3,a,1,1\n", "names the column radius_nm 2 times");
}

TEST(VoxelAtPlace, IsTheNearestOnBothSidesOfZero) {
  EXPECT_EQ(voxel_at_place({0.49, 0.5, -0.49}), (GlobalVoxel{0, 1, 0}));
  EXPECT_EQ(voxel_at_place({-0.5, -0.51, 7}), (GlobalVoxel{0, -1, 7}));
}

}  // namespace
}  // namespace cleft
