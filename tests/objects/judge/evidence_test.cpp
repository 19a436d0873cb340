#include "objects/judge/evidence.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace cleft {
namespace {

TEST(Evidence, CountsVoxelsOneByOne) {
  // Four sections of random objects, and voxels that are judged, known or neither.
  Random random(7);
  constexpr Extent extent{4, 6, 20};
  Array3<std::uint64_t> labels(extent), judged(extent), beyond(extent);
  std::vector<ObjectEvidence> expected(3);
  for (std::int64_t i = 0; i < labels.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::uint32_t object = random.below(4), kind = random.below(3);
    labels.voxels()[at] = object;  // 1 … 3
    judged.voxels()[at] = kind == 0 ? 1 : 0;
    beyond.voxels()[at] = kind == 1 ? 1 : 0;
    if (object == 0 || kind == 2) continue;
    const GlobalVoxel p = voxel_at(i, extent);
    ObjectEvidence& e = expected[object - 1];
    e.add({kind == 0 ? 1 : 0, 1, p.z, p.y, 2 * p.x});
  }
  std::vector<ObjectRun> runs;
  KnownVoxels known;
  const auto view = [](const Array3<std::uint64_t>& array) { return array.view(); };
  append_runs(runs, view(labels), {});
  append_runs(known.judged, view(judged), {});
  append_runs(known.beyond, view(beyond), {});
  for (ObjectRun& run : runs) --run.object;
  EXPECT_EQ(evidence_of(runs, 3, known), expected);
}

TEST(Evidence, CentroidIsThatOfTheObjectsRuns) {
  const std::vector<ObjectRun> runs{{0, 2, 3, 8, 0}, {1, 2, 4, 5, 0}, {3, 0, 0, 2, 0}};
  const auto evidence =
      evidence_of(runs, 1, {.judged = {{0, 2, 0, 9, 0}, {3, 0, 0, 9, 0}}, .beyond = {{1, 2, 0, 9, 0}}});
  EXPECT_EQ(evidence[0].known, 8);
  EXPECT_EQ(evidence[0].judged, 7);
  EXPECT_EQ(centroid_of(evidence[0]), objects_of(runs)[0].centroid);
}

TEST(Evidence, ContactsOfPartsAddUpInAnyOrder) {
  const std::vector<TruthContact> parts{
      {5, 1, 3, 9}, {2, 7, 1, 4}, {5, 1, 2, 6.5}, {5, 0, 1, 8}, {2, 7, 4, 5}};
  const std::vector<TruthContact> expected{{2, 7, 5, 4}, {5, 0, 1, 8}, {5, 1, 5, 6.5}};
  EXPECT_EQ(joined(parts), expected);
  EXPECT_EQ(joined({parts.rbegin(), parts.rend()}), expected);
  EXPECT_TRUE(joined({}).empty());
}

}  // namespace
}  // namespace cleft
