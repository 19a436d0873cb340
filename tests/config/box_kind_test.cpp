#include "config/box_kind.hpp"

#include <gtest/gtest.h>

#include "io/volume/volume_path.hpp"

namespace cleft {
namespace {

Box parsed(const std::string& yaml) {
  return box_of_ranges().parse(YAML::Load(yaml), "/data");
}

/// What is said to have been found where the value is refused.
std::string complaint(const std::string& yaml) {
  try {
    parsed(yaml);
  } catch (const BadValue& bad) {
    return bad.found;
  }
  return "accepted";
}

TEST(BoxKind, reads_back_what_it_shows) {
  for (const Box& box : {Box{{0, 1, 2}, {3, 4, 5}}, Box{{0, 5, 0}, {end_of_axis, end_of_axis, 9}}})
    EXPECT_EQ(parsed(box_of_ranges().show(box)), box) << box_of_ranges().show(box);
}

TEST(BoxKind, is_three_ranges_in_any_spelling) {
  for (const char* text : {"[1:24, 0:56, 8:9000000000]", "[1:24,:56,8:9000000000]",
                           "'1:24, 0:56, 8:9000000000'", "1:24,:56,8:9000000000"})
    EXPECT_EQ(parsed(text), (Box{{1, 0, 8}, {24, 56, 9000000000}})) << text;
  for (const char* text :
       {"[4:, :, :7]", "['4:', ':', ':7']", "4:,:,:7", "[4:,:,:7]", "[ 4: , : , :7 ]", "[4 :, :, 0:7]",
        "- 4:\n- ':'\n- :7", "'4:, :, :7'", "[4: , 0:, 0: 7]", "[\"4:\", : , \"0 : 7\"]"})
    EXPECT_EQ(parsed(text), (Box{{4, 0, 0}, {end_of_axis, end_of_axis, 7}})) << text;
  for (const char* text : {"0:7,4:,:", "[0: 7, 4:, :]", "0:7,4:, :"})
    EXPECT_EQ(parsed(text), (Box{{0, 4, 0}, {7, end_of_axis, end_of_axis}})) << text;
  EXPECT_EQ(parsed("[:, :, :]"), (Box{{0, 0, 0}, {end_of_axis, end_of_axis, end_of_axis}}));
}

TEST(BoxKind, refuses_what_is_none_and_says_along_which_axis) {
  for (const char* text : {"[1:2, 3:4]",
                           "[1:2, 3:4, 5:6, 7:8]",
                           "[1:1, 0:4, 0:4]",
                           "[3:1, 0:4, 0:4]",
                           "[-1:1, 0:4, 0:4]",
                           "[1, 2, 3]",
                           "[1:2:3, 0:4, 0:4]",
                           "[a:b, 0:4, 0:4]",
                           "5",
                           "{}",
                           "[[1:2], 0:4, 0:4]",
                           "~",
                           "':'",
                           "{z: 0:4, y: 0:4, x: 0:4}",
                           "[[0, 4], [0, 4], [0, 4]]",
                           "[0-4, 0-4, 0-4]",
                           "[-4:, :, :]",
                           "[{1: {2: 3}}, :, :]",
                           "[{a: 1, b: 2}, :, :]",
                           "[~, :, :]"})
    EXPECT_NE(complaint(text), "accepted") << text;
  EXPECT_EQ(complaint("[:, 0-4, :]"), "'0-4' along y");
  EXPECT_EQ(complaint("[0:4, 0:4, 0:4:1]"), "'0:4:1' along x");
  EXPECT_EQ(complaint("[0:4, 0:4]"), "a list of 2");
}

}  // namespace
}  // namespace cleft
