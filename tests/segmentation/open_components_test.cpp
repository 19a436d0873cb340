#include "segmentation/open_components.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "components/seams.hpp"

namespace cleft {
namespace {

constexpr Extent volume{12, 14, 16};

LabelledBlock random_block(const Box& box) {
  Random random(5);
  Array3<std::uint8_t> mask(box.extent());
  for (auto& voxel : mask.voxels()) voxel = random.uniform() < 0.25 ? 1 : 0;
  return label_block(mask.view(), Connectivity::six);
}

class OpenComponents : public testing::TestWithParam<Box> {};

TEST_P(OpenComponents, HaveANeighbourInTheVolumeButNotInTheBlock) {
  const Box box = GetParam();
  const LabelledBlock block = random_block(box);
  std::vector<bool> expected(block.component_count);
  for (std::int64_t z = 0; z < box.extent().z; ++z)
    for (std::int64_t y = 0; y < box.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        for (std::int64_t x = run.begin; x < run.end; ++x)
          for (const Extent& step : {Extent{1, 0, 0}, Extent{0, 1, 0}, Extent{0, 0, 1}})
            for (const std::int64_t sign : {1, -1}) {
              const GlobalVoxel q = box.begin + Extent{z, y, x} + sign * step;
              if (whole_box(volume).contains(q) && !box.contains(q)) expected[run.component] = true;
            }
  EXPECT_EQ(open_components(block, box, volume), expected);
}

TEST_P(OpenComponents, AllBoundaryLayersStayAndNothingElseInside) {
  const Box box = GetParam();
  const LabelledBlock all = random_block(box);
  LabelledBlock kept = all;
  keep_runs_at_faces(kept, box, volume);
  EXPECT_EQ(kept.component_count, all.component_count);
  const Extent begin = box.begin - GlobalVoxel{}, end = box.end - GlobalVoxel{};
  for (std::int64_t z = -1; z <= 1; ++z)
    for (std::int64_t y = -1; y <= 1; ++y)
      for (std::int64_t x = -1; x <= 1; ++x) {
        const Extent direction{z, y, x};
        bool is_neighbour = direction != Extent{};
        for (int axis = 0; axis < 3; ++axis)
          if ((direction[axis] < 0 && begin[axis] == 0) || (direction[axis] > 0 && end[axis] == volume[axis]))
            is_neighbour = false;
        if (!is_neighbour) continue;
        EXPECT_EQ(boundary_layer(kept.runs, box, direction), boundary_layer(all.runs, box, direction));
      }
  if (box == whole_box(volume)) {
    EXPECT_TRUE(kept.runs.all().empty());
  } else {
    EXPECT_LT(kept.runs.all().size(), all.runs.all().size());
  }
}

INSTANTIATE_TEST_SUITE_P(Boxes, OpenComponents,
                         testing::Values(whole_box(volume), Box{{0, 0, 0}, {6, 14, 16}},
                                         Box{{4, 5, 3}, {9, 11, 12}}, Box{{0, 7, 8}, {12, 14, 16}}));

}  // namespace
}  // namespace cleft
