#include "report/charts.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace cleft {
namespace {

using Counts = std::vector<std::int64_t>;

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Charts, count_in_bins) {
  EXPECT_EQ(count_in_bins({0, 1, 2.5, 4, 9.99, 10, 11, -1, NAN}, 0, 10, 5, false), (Counts{2, 1, 1, 0, 2}));
  EXPECT_EQ(count_in_bins({1, 9, 10, 99, 100, 1000}, 1, 1000, 3, true), (Counts{2, 2, 2}));
  EXPECT_EQ(count_in_bins({std::numeric_limits<double>::infinity()}, 0, 1, 2, false), (Counts{0, 0}));
}

TEST(Charts, a_histogram_has_a_bar_for_each_bin_with_something) {
  const std::string svg =
      histogram_svg({1, 1, 2, 100}, {.title = "<Size>", .axis = "voxels", .logarithmic = true});
  EXPECT_EQ(times(svg, "<rect"), 3U);
  EXPECT_NE(svg.find("&lt;Size&gt;"), std::string::npos);
  EXPECT_EQ(svg.find("<Size>"), std::string::npos);
  EXPECT_EQ(svg.find("style"), std::string::npos) << "the page's policy forbids styles";
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(Charts, a_histogram_of_one_value_or_of_nothing_is_drawn) {
  for (const bool logarithmic : {false, true}) {
    EXPECT_EQ(times(histogram_svg({5, 5}, {.logarithmic = logarithmic}), "<rect"), 1U);
    EXPECT_EQ(times(histogram_svg({}, {.logarithmic = logarithmic}), "nothing to count"), 1U);
    EXPECT_EQ(times(histogram_svg({NAN}, {.logarithmic = logarithmic}), "nothing to count"), 1U);
  }
}

TEST(Charts, a_mark_is_within_the_axis) {
  const std::string svg =
      histogram_svg({20, 30}, {.logarithmic = true, .mark = 7, .mark_text = "core_ratio 7"});
  EXPECT_NE(svg.find("core_ratio 7"), std::string::npos);
  EXPECT_EQ(times(svg, "<rect"), 2U);
}

TEST(Charts, labels_of_many_decades_do_not_touch) {
  for (const double high : {1e3, 1e8, 1e12, 1e38}) {
    const std::string svg = histogram_svg({1, high}, {.logarithmic = true});
    EXPECT_LE(times(svg, "v5\""), 9U) << high;
    EXPECT_GE(times(svg, "v5\""), 4U) << high;
  }
  EXPECT_EQ(times(histogram_svg({1, 1e12}, {.logarithmic = true}), ">1e10<"), 1U);
}

TEST(Charts, a_projection_has_a_dot_for_each_object_at_its_place) {
  const Extent extent{10, 100, 200};
  const std::string svg = projection_svg({{{5, 50, 100}, true}, {{1, 2, 3}, false}}, extent, {10, 1, 1}, 0);
  EXPECT_EQ(times(svg, "<circle"), 2U);
  // 300 pixels for 200 nm; the frame begins at 30.
  EXPECT_NE(svg.find("cx=\"180.8\" cy=\"105.8\""), std::string::npos) << svg;
}

}  // namespace
}  // namespace cleft
