#include "pipeline/report/object_voxels.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/narrow.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

const Extent extent{12, 30, 40};

/// A value of object 7 in a ball, of object 8 elsewhere in a plane.
std::uint64_t label_at(std::int64_t z, std::int64_t y, std::int64_t x) {
  const bool in_ball = (z - 6) * (z - 6) * 4 + (y - 15) * (y - 15) + (x - 20) * (x - 20) <= 100;
  return in_ball ? 7 : x == 39 ? 8 : 0;
}

class ObjectVoxels : public testing::Test {
 protected:
  ObjectVoxels() {
    std::vector<std::uint64_t> labels;
    std::vector<float> grey;
    for (std::int64_t z = 0; z < extent.z; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y)
        for (std::int64_t x = 0; x < extent.x; ++x) {
          labels.push_back(label_at(z, y, x));
          grey.push_back(narrow<float>(z * 100 + y * 3 + x));
        }
    h5::write_file(directory / "a.h5", [&](h5::File& file) {
      file.write("labels", labels, {12, 30, 40});
      file.write("grey", grey, {12, 30, 40});
    });
  }
  VolumeReader reader(const std::string& dataset) { return VolumeReader({directory / "a.h5", dataset}); }

  test::TempDirectory directory;
  const Box box{{1, 5, 10}, {12, 26, 31}};
};

TEST_F(ObjectVoxels, are_those_of_the_object) {
  const ObjectMask mask = read_mask(reader("/labels"), box, 7, 1'000'000);
  EXPECT_EQ(mask.step, 1);
  for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
    for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
      for (std::int64_t x = box.begin.x; x < box.end.x; ++x)
        ASSERT_EQ(mask.voxels(z - 1, y - 5, x - 10) != 0, label_at(z, y, x) == 7);
}

TEST_F(ObjectVoxels, of_a_large_object_are_counted_by_halves) {
  const ObjectMask mask = read_mask(reader("/labels"), box, 7, 200);
  EXPECT_GT(mask.step, 1);
  EXPECT_LE(mask.voxels.size(), 200);
  const Extent& e = mask.voxels.extent();
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y)
      for (std::int64_t x = 0; x < e.x; ++x) {
        std::int64_t inside = 0, all = 0;
        const GlobalVoxel first = box.begin + mask.step * Extent{z, y, x};
        const Box part = intersection(box_at(first, {mask.step, mask.step, mask.step}), box);
        for (std::int64_t vz = part.begin.z; vz < part.end.z; ++vz)
          for (std::int64_t vy = part.begin.y; vy < part.end.y; ++vy)
            for (std::int64_t vx = part.begin.x; vx < part.end.x; ++vx, ++all)
              inside += label_at(vz, vy, vx) == 7 ? 1 : 0;
        ASSERT_EQ(mask.voxels(z, y, x) != 0, 2 * inside >= all);
      }
}

TEST_F(ObjectVoxels, the_nearest_to_a_place_is_found) {
  const ObjectMask mask = read_mask(reader("/labels"), box, 7, 1'000'000);
  EXPECT_EQ(nearest_voxel(mask, {6.2, 14.8, 20.1}, {1, 1, 1}), (GlobalVoxel{6, 15, 20}));
  EXPECT_EQ(nearest_voxel(mask, {6, 15, 200}, {1, 1, 1}), (GlobalVoxel{6, 15, 30}));
}

TEST_F(ObjectVoxels, a_view_shows_its_plane) {
  const Box bounds{{1, 5, 10}, {12, 26, 31}};
  const Sprite sprite = plan_sprite(bounds, {6, 15, 20}, extent, {1, 1, 1}, {.sections = 1, .margin_nm = 2});
  std::vector<std::uint8_t> pixels(to_size(sprite.width * sprite.height));
  const Contrast contrast{0, 1275};
  for (const View& view : sprite.views) {
    read_view(reader("/grey"), view, contrast, pixels, sprite.width);
    const PlaneAxes axes = axes_of(view.plane);
    for (std::int64_t row = 0; row < view.height; ++row)
      for (std::int64_t column = 0; column < view.width; ++column) {
        Extent at = view.box.begin - GlobalVoxel{};
        at[axes.rows] += row;
        at[axes.columns] += column;
        ASSERT_EQ(pixels[to_size((view.y + row) * sprite.width + view.x + column)],
                  contrast(narrow<float>(at.z * 100 + at.y * 3 + at.x)));
      }
  }
}

TEST_F(ObjectVoxels, the_outline_is_the_same_from_a_mask_of_large_steps) {
  const Sprite sprite = plan_sprite(box, {6, 15, 20}, extent, {4, 1, 1}, {.sections = 3, .margin_nm = 5});
  const ObjectMask fine = read_mask(reader("/labels"), box, 7, 1'000'000);
  const ObjectMask coarse = read_mask(reader("/labels"), box, 7, 200);
  for (const View& view : sprite.views) {
    const std::string outline = read_outline(reader("/labels"), fine, 7, view);
    EXPECT_FALSE(outline.empty());
    EXPECT_EQ(read_outline(reader("/labels"), coarse, 7, view), outline);
  }
}

}  // namespace
}  // namespace cleft
