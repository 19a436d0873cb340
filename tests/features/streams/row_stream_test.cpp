#include "features/streams/row_stream.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "features/convolve.hpp"
#include "features/streams/stream_plan.hpp"

namespace cleft::features {
namespace {

/// Says of each voxel where it stands.
float name_of(std::int64_t z, std::int64_t y, std::int64_t x) {
  return static_cast<float>(z * 10000 + y * 100 + x);
}

/// Kernels that reach this far but copy.
AxisKernels copying(const PerAxis<int>& radii) {
  AxisKernels kernels;
  for (int axis = 0; axis < 3; ++axis) {
    kernels[axis].radius = radii[axis];
    for (auto& taps : kernels[axis].taps) taps = {1.0F, 0.0F, 0.0F};
  }
  return kernels;
}

struct Case {
  const char* name;
  std::vector<int> axes;
  PerAxis<int> radii;
  Extent limits;
  LocalBox region;
  friend void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }
};

class RowStreams : public testing::TestWithParam<Case> {};

TEST_P(RowStreams, HandOutEveryRowInOrderWithItsNeighbours) {
  const auto& [name, axes, radii, limits, region] = GetParam();
  const AxisKernels kernels = copying(radii);
  const StreamPasses passes = plan_smoothing(axes, kernels, 2);
  Arena arena(RowStream::floats(passes, region.extent()));
  RowStream stream(passes, region, limits, arena);
  std::int64_t count = 0;
  const auto check = [&](const RowStream::Ready& ready) {
    EXPECT_EQ(ready.z, region.begin.z + count / region.extent().y);
    EXPECT_EQ(ready.y, region.begin.y + count % region.extent().y);
    ++count;
    const int reach = passes.ends_with_y ? radii.y : radii.z;
    for (int k = -reach; k <= reach; ++k) {
      const auto z = passes.ends_with_y ? ready.z : reflected(ready.z + k, limits.z);
      const auto y = passes.ends_with_y ? reflected(ready.y + k, limits.y) : ready.y;
      const float* row = ready.neighbours.begin[static_cast<std::size_t>(k + reach)];
      for (std::int64_t x = 0; x < region.extent().x; ++x) {
        ASSERT_EQ(row[x], name_of(z, y, region.begin.x + x));
        ASSERT_EQ(row[x + ready.neighbours.image_stride], -name_of(z, y, region.begin.x + x));
      }
    }
  };
  const LocalBox& needed = stream.needed();
  for (std::int64_t z = needed.begin.z; z < needed.end.z; ++z)
    for (std::int64_t y = needed.begin.y; y < needed.end.y; ++y) {
      for (std::int64_t x = 0; x < needed.extent().x; ++x) {
        stream.input_row(0)[x] = name_of(z, y, needed.begin.x + x);
        stream.input_row(1)[x] = -name_of(z, y, needed.begin.x + x);
      }
      stream.push(z, y);
      for (RowStream::Ready ready; stream.pop(ready);) check(ready);
    }
  EXPECT_EQ(count, region.extent().z * region.extent().y);
}

TEST_P(RowStreams, TakeWhatTheyPlanned) {
  const auto& [name, axes, radii, limits, region] = GetParam();
  const AxisKernels kernels = copying(radii);
  const StreamPasses passes = plan_smoothing(axes, kernels, 2);
  const std::int64_t floats = RowStream::floats(passes, region.extent());
  Arena arena(floats), less(floats - 1);
  RowStream stream(passes, region, limits, arena);
  EXPECT_EQ(arena.used(), floats);
  EXPECT_THROW(RowStream(passes, region, limits, less), InternalError);
}

const std::vector<int> all_axes{2, 1, 0}, sections{2, 1}, without_y{2, 0}, without_x{1, 0};

INSTANTIATE_TEST_SUITE_P(
    Shapes, RowStreams,
    testing::Values(Case{"Inside", all_axes, {2, 2, 2}, {20, 20, 40}, {{5, 6, 7}, {11, 11, 25}}},
                    Case{"WholeBlock", all_axes, {2, 1, 2}, {7, 8, 21}, {{0, 0, 0}, {7, 8, 21}}},
                    Case{"OneVoxel", all_axes, {2, 2, 2}, {9, 9, 9}, {{0, 8, 4}, {1, 9, 5}}},
                    Case{"ShorterThanTheKernels", all_axes, {2, 2, 2}, {2, 2, 1}, {{0, 0, 0}, {2, 2, 1}}},
                    Case{"Sections", sections, {0, 2, 2}, {4, 12, 30}, {{1, 3, 2}, {4, 12, 22}}},
                    Case{"SectionsOfOneRow", sections, {0, 2, 1}, {4, 1, 30}, {{0, 0, 0}, {4, 1, 30}}},
                    Case{"WithoutY", without_y, {1, 0, 2}, {6, 5, 19}, {{0, 1, 3}, {5, 4, 19}}},
                    Case{"WithoutX", without_x, {2, 1, 0}, {6, 5, 19}, {{2, 1, 3}, {6, 5, 12}}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace cleft::features
