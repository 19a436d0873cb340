#include "segmentation/mask_edge.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

TEST(MaskEdge, IsFeltAsFarAsOneSigma) {
  EXPECT_EQ(mask_edge_reach({0, 0.3, 5}, {10, 10, 10}), (Extent{1, 1, 5}));
  EXPECT_EQ(mask_edge_reach({5, 1, 1.2}, {1, 10, 10}), (Extent{0, 1, 2}));
}

TEST(MaskEdge, ProbabilitiesOutsideAreCleared) {
  const std::vector<std::uint8_t> mask{1, 0, 1};
  Array3<float> stored({1, 1, 3});
  stored.fill(0.5F);
  clear_outside<float>(View3<const std::uint8_t>(mask.data(), {1, 1, 3}), stored.view());
  EXPECT_EQ(test::values_of(stored), (std::vector<float>{0.5F, 0, 0.5F}));
}

/// By looking at every voxel around every voxel.
std::vector<std::uint32_t> marks_by_search(const Array3<std::uint8_t>& mask,
                                           const Array3<std::uint8_t>& object, const LabelledBlock& block,
                                           const Box& owned, const Extent& reach) {
  std::vector<std::uint32_t> marks(block.component_count);
  const Box whole = whole_box(mask.extent());
  for (std::int64_t z = 0; z < owned.extent().z; ++z)
    for (std::int64_t y = 0; y < owned.extent().y; ++y)
      for (const VoxelRun& run : block.runs.row(z, y))
        for (std::int64_t x = run.begin; x < run.end; ++x) {
          EXPECT_NE(object(z, y, x), 0);
          const GlobalVoxel at = owned.begin + Extent{z, y, x};
          const Box near = grown(Box{at, at + Extent{1, 1, 1}}, reach, whole);
          for (std::int64_t i = 0; i < voxel_count(near.extent()); ++i) {
            const GlobalVoxel v = voxel_at(i, near.extent()) + (near.begin - GlobalVoxel{});
            if (mask(v.z, v.y, v.x) == 0) marks[run.component] = 1;
          }
        }
  return marks;
}

TEST(MaskEdge, ComponentsNearItAreMarked) {
  const Extent volume{9, 12, 14};
  const Box owned{{2, 3, 0}, {7, 10, 9}};
  for (const Extent& reach : {Extent{1, 1, 1}, Extent{0, 2, 3}, Extent{20, 1, 1}})
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      Array3<std::uint8_t> mask(volume);
      mask.fill(1);
      Random random(seed);
      for (auto& m : mask.voxels()) m = random.below(60) == 0 ? 0 : 1;
      const auto object = test::random_mask(owned.extent(), 0.1, seed);
      const LabelledBlock block = label_runs(VoxelRuns(object.view()), Connectivity::six);
      const Box around = grown(owned, reach, whole_box(volume));
      std::vector<ComponentSums> sums(block.component_count);
      mark_at_mask_edge(block,
                        mask.view().part({around.begin.z, around.begin.y, around.begin.x}, around.extent()),
                        around, owned, reach, sums);
      std::vector<std::uint32_t> marks;
      for (const ComponentSums& s : sums) marks.push_back(s.at_mask_edge);
      EXPECT_EQ(marks, marks_by_search(mask, object, block, owned, reach)) << to_string(reach) << " " << seed;
    }
}

}  // namespace
}  // namespace cleft
