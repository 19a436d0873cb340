#include "report/views.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

const Extent volume{60, 500, 600};
const Box bounds{{20, 100, 200}, {40, 140, 230}};
const GlobalVoxel center{31, 111, 222};

TEST(Views, show_sections_evenly_and_the_two_other_planes_through_the_center) {
  const Sprite sprite = plan_sprite(bounds, center, volume, {10, 10, 10}, {.sections = 5, .margin_nm = 100});
  ASSERT_EQ(sprite.views.size(), 7U);
  const std::vector<std::int64_t> sections{22, 26, 30, 34, 38};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(sprite.views[i].plane, Plane::xy);
    EXPECT_EQ(sprite.views[i].box, (Box{{sections[i], 90, 190}, {sections[i] + 1, 150, 240}}));
    EXPECT_EQ(sprite.views[i].height, 60);
    EXPECT_EQ(sprite.views[i].width, 50);
  }
  EXPECT_EQ(sprite.views[5].box, (Box{{10, 111, 190}, {50, 112, 240}}));
  EXPECT_EQ(sprite.views[6].box, (Box{{10, 90, 222}, {50, 150, 223}}));
  EXPECT_EQ(sprite.nm_per_pixel, 10);
}

TEST(Views, of_fewer_sections_show_each) {
  const Box thin{{20, 100, 200}, {23, 140, 230}};
  const Sprite sprite = plan_sprite(thin, {21, 110, 210}, volume, {10, 10, 10}, {.sections = 5});
  ASSERT_EQ(sprite.views.size(), 5U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(sprite.views[i].box.begin.z, 20 + narrow<std::int64_t>(i));
}

TEST(Views, end_at_the_volumes_edge) {
  const Box corner{{0, 0, 0}, {2, 10, 10}};
  for (const View& view : plan_sprite(corner, {1, 5, 5}, volume, {10, 10, 10}, {.margin_nm = 1000}).views) {
    EXPECT_TRUE(whole_box(volume).contains(view.box));
  }
}

TEST(Views, have_square_pixels_whatever_the_voxels) {
  const Sprite sprite = plan_sprite(bounds, center, volume, {45, 5, 5}, {.sections = 1, .margin_nm = 0});
  const View& xz = sprite.views[1];
  EXPECT_EQ(sprite.nm_per_pixel, 5);
  EXPECT_EQ(xz.width, 30);
  EXPECT_EQ(xz.height, 20 * 9);
}

TEST(Views, stay_within_their_number_of_pixels) {
  const Box large{{0, 0, 0}, {60, 500, 600}};
  const Sprite sprite =
      plan_sprite(large, center, volume, {10, 10, 10}, {.sections = 5, .max_pixels = 50'000});
  std::int64_t pixels = 0;
  for (const View& view : sprite.views) pixels += view.width * view.height;
  EXPECT_LE(pixels, 50'000);
  EXPECT_GT(pixels, 40'000);
}

TEST(Views, do_not_overlap_and_begin_at_blocks_of_jpeg) {
  const Sprite sprite = plan_sprite({{0, 0, 0}, {60, 120, 600}}, center, volume, {10, 10, 10},
                                    {.sections = 9, .max_pixels = 400'000});
  for (std::size_t i = 0; i < sprite.views.size(); ++i) {
    const View& a = sprite.views[i];
    EXPECT_EQ(a.x % 8, 0);
    EXPECT_EQ(a.y % 8, 0);
    EXPECT_LE(a.x + a.width, sprite.width);
    EXPECT_LE(a.y + a.height, sprite.height);
    for (std::size_t k = 0; k < i; ++k) {
      const View& b = sprite.views[k];
      const bool apart =
          a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;
      EXPECT_TRUE(apart) << i << " and " << k;
    }
  }
}

}  // namespace
}  // namespace cleft
