#include "objects/judge/object_runs.hpp"

#include <map>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

TEST(ObjectRuns, EveryVoxelIsInOneRunOfItsObject) {
  const Extent extent{3, 4, 30};
  const GlobalVoxel first{5, 6, 7};
  Array3<std::uint64_t> labels(extent);
  Random random(1);
  for (auto& v : labels.voxels()) v = random.below(4);
  labels(0, 0, 3) = ~std::uint64_t{0};
  std::vector<ObjectRun> runs;
  append_runs(runs, labels.view(), first);

  Array3<std::uint64_t> painted(extent);
  for (const ObjectRun& run : runs)
    for (std::int64_t x = run.begin; x < run.end; ++x) {
      std::uint64_t& voxel = painted(run.z - first.z, run.y - first.y, x - first.x);
      EXPECT_EQ(voxel, 0U);
      voxel = run.object;
    }
  labels(0, 0, 3) = 0;  // background as CREMI writes it
  for (std::size_t i = 0; i < labels.voxels().size(); ++i) EXPECT_EQ(painted.voxels()[i], labels.voxels()[i]);
}

TEST(ObjectRuns, RunsAreMaximalAndInOrder) {
  Array3<std::uint64_t> labels({1, 2, 6});
  for (const std::int64_t x : {0, 1, 2}) labels(0, 0, x) = 7;
  labels(0, 0, 3) = 9;
  labels(0, 1, 5) = 7;
  std::vector<ObjectRun> runs;
  append_runs(runs, labels.view(), {2, 0, 0});
  EXPECT_EQ(runs, (std::vector<ObjectRun>{{2, 0, 0, 3, 7}, {2, 0, 3, 4, 9}, {2, 1, 5, 6, 7}}));
}

TEST(ObjectRuns, ObjectsHaveTheirSizesAndCentroids) {
  const auto objects = objects_of({{0, 0, 0, 3, 8}, {0, 5, 10, 11, 2}, {2, 4, 1, 2, 8}});
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0], (RunObject{2, 1, {0, 5, 10}}));
  EXPECT_EQ(objects[1], (RunObject{8, 4, {0.5, 1, 1}}));
}

TEST(ObjectRuns, NoRunsAreNoObjects) {
  EXPECT_TRUE(objects_of({}).empty());
}

}  // namespace
}  // namespace cleft
