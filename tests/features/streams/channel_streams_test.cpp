#include "features/streams/channel_streams.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "features/streams/stream_test_support.hpp"

namespace cleft::features {
namespace {

using test::TileCase;
using test::TileOutputs;

std::vector<int> axes_of(const Scale& scale) {
  std::vector<int> axes;
  for (const int axis : {2, 1, 0})
    if (scale.active(axis)) axes.push_back(axis);
  return axes;
}

AxisKernels kernels_of(const PerAxis<double>& sigmas, double factor = 1.0) {
  return {KernelSet::gaussian(factor * sigmas.z, filter_window),
          KernelSet::gaussian(factor * sigmas.y, filter_window),
          KernelSet::gaussian(factor * sigmas.x, filter_window)};
}

/// All that derivatives of a scale are made with.
struct DerivativeKernels {
  explicit DerivativeKernels(const Scale& scale)
      : axes(axes_of(scale)),
        wide(kernels_of(scale.filter())),
        narrow(kernels_of(scale.filter(), difference_ratio)) {
    std::vector<Orders> images{{0, 0}, {1, 0}, {2, 0}};
    if (axes.size() == 3) images.insert(images.end(), {{0, 1}, {0, 2}, {1, 1}});
    plan = plan_derivatives(axes, wide, images, &narrow);
  }
  std::vector<int> axes;
  AxisKernels wide, narrow;
  StreamPlan plan;
};

/// Likewise the structure tensor.
struct TensorKernels {
  explicit TensorKernels(const Scale& scale)
      : axes(axes_of(scale)),
        slopes(kernels_of(tensor_sigmas(scale, FilterDialect::ilastik).derivative)),
        averaging(kernels_of(tensor_sigmas(scale, FilterDialect::ilastik).averaging)) {
    std::vector<Orders> images{{0, 0}, {1, 0}};
    if (axes.size() == 3) images.emplace_back(0, 1);
    plan = {.slopes = plan_derivatives(axes, slopes, images, nullptr),
            .averaging = plan_smoothing(axes, averaging, axes.size() == 3 ? 6 : 3),
            .last = &averaging[axes.back()]};
  }
  std::vector<int> axes;
  AxisKernels slopes, averaging;
  TensorStream::Plan plan;
};

/// Gives a stream the rows it needs, in order, and calls after_row(z, y) after each.
template <class Stream, class AfterRow>
void push_all(Stream& stream, View3<const float> image, AfterRow after_row) {
  const LocalBox needed = stream.needed();
  for (std::int64_t z = needed.begin.z; z < needed.end.z; ++z)
    for (std::int64_t y = needed.begin.y; y < needed.end.y; ++y) {
      stream.push(z, y, image.row(z, y) + needed.begin.x);
      after_row(z, y);
    }
}
void nothing(std::int64_t /*z*/, std::int64_t /*y*/) {}

/// Counts the rows that are handed in.
class CountingSink : public ChannelSink {
 public:
  float* room(int /*channel*/, const LocalVoxel& /*begin*/, std::int64_t voxels) override {
    row_.resize(to_size(voxels));
    return row_.data();
  }
  void take(int /*channel*/, const LocalVoxel& /*begin*/, std::int64_t /*voxels*/) override { ++rows; }

  int rows = 0;

 private:
  std::vector<float> row_;
};

/// The last pass goes along z and reaches two sections: those of section z come out with the last row of
/// section z + 2, or of the last section there is.
TEST(DerivativeStream, HandsInASectionOnceTheSectionsAroundItAreComplete) {
  const Scale scale{.sigma = 1.0, .sigmas = {1.0, 1.0, 1.0}};
  const Extent limits{9, 8, 20};
  const LocalBox tile{{2, 1, 3}, {9, 7, 17}};
  const Array3<float> image = test::random_volume(limits);
  const DerivativeKernels kernels(scale);
  const std::vector<FeatureOutput> outputs{
      {.kind = FeatureKind::gaussian_smoothing, .channels = {0, FeatureOutput::none, FeatureOutput::none}}};
  CountingSink sink;
  Arena arena(DerivativeStream::floats(kernels.plan, tile.extent()));
  DerivativeStream stream(kernels.plan, outputs, sink, tile, limits, arena);
  EXPECT_EQ(stream.needed(), (LocalBox{{0, 0, 1}, {9, 8, 19}}));
  push_all(stream, image.view(), [&](std::int64_t z, std::int64_t y) {
    const std::int64_t complete = y + 1 == limits.y ? z + 1 : z;  // sections
    std::int64_t sections = 0;
    for (std::int64_t s = tile.begin.z; s < tile.end.z; ++s)
      sections += std::min(s + 2, limits.z - 1) < complete ? 1 : 0;
    ASSERT_EQ(sink.rows, sections * tile.extent().y) << z << ", " << y;
  });
  EXPECT_EQ(sink.rows, 7 * 6);
}

/// Without z the last pass goes along y: row y comes out with row y + 2 of the same section.
TEST(DerivativeStream, HandsInARowOnceTheRowsAroundItAreThereInSections) {
  const Scale scale{.sigma = 1.0, .sigmas = {0.0, 1.0, 1.0}};
  const Extent limits{3, 9, 20};
  const LocalBox tile{{1, 2, 0}, {3, 9, 20}};
  const Array3<float> image = test::random_volume(limits);
  const DerivativeKernels kernels(scale);
  const std::vector<FeatureOutput> outputs{
      {.kind = FeatureKind::gaussian_smoothing, .channels = {0, FeatureOutput::none, FeatureOutput::none}}};
  CountingSink sink;
  Arena arena(DerivativeStream::floats(kernels.plan, tile.extent()));
  DerivativeStream stream(kernels.plan, outputs, sink, tile, limits, arena);
  push_all(stream, image.view(), [&](std::int64_t z, std::int64_t y) {
    std::int64_t rows = (z - tile.begin.z) * tile.extent().y;
    for (std::int64_t r = tile.begin.y; r < tile.end.y; ++r)
      rows += std::min(r + 2, limits.y - 1) <= y ? 1 : 0;
    ASSERT_EQ(sink.rows, rows) << z << ", " << y;
  });
  EXPECT_EQ(sink.rows, 2 * 7);
}

class ChannelStreams : public testing::TestWithParam<TileCase> {};

TEST_P(ChannelStreams, OfDerivativesGiveTheBitsOfTheDefinition) {
  const TileCase& tested = GetParam();
  const Array3<float> smooth = test::random_volume(tested.image);
  const DerivativeKernels kernels(tested.scale());
  std::vector<FeatureKind> kinds = test::all_kinds;
  std::erase(kinds, FeatureKind::structure_tensor_eigenvalues);
  TileOutputs outputs(kinds, tested.scale(), tested.tile.extent());
  ChannelArrays sink(outputs.views, tested.tile.begin);
  Arena arena(DerivativeStream::floats(kernels.plan, tested.tile.extent()));
  DerivativeStream stream(kernels.plan, outputs.list, sink, tested.tile, tested.image, arena);
  push_all(stream, smooth.view(), nothing);
  outputs.expect_plain(tested.scale(), smooth, tested.tile);
}

TEST_P(ChannelStreams, OfTheStructureTensorGiveTheBitsOfTheDefinition) {
  const TileCase& tested = GetParam();
  const Array3<float> smooth = test::random_volume(tested.image);
  const TensorKernels kernels(tested.scale());
  TileOutputs outputs({FeatureKind::structure_tensor_eigenvalues}, tested.scale(), tested.tile.extent());
  ChannelArrays sink(outputs.views, tested.tile.begin);
  Arena arena(TensorStream::floats(kernels.plan, tested.tile.extent()));
  TensorStream stream(kernels.plan, outputs.list.front(), sink, tested.tile, tested.image, arena);
  push_all(stream, smooth.view(), nothing);
  outputs.expect_plain(tested.scale(), smooth, tested.tile);
}

/// A tile may end anywhere in the image, or be all of it.
INSTANTIATE_TEST_SUITE_P(
    Tiles, ChannelStreams,
    testing::Values(TileCase{"Inside", {1.0, 1.0, 1.0}, {12, 13, 40}, {{4, 5, 6}, {7, 9, 27}}},
                    TileCase{"WholeImage", {1.0, 1.0, 1.0}, {5, 6, 19}, {{0, 0, 0}, {5, 6, 19}}},
                    TileCase{"Corner", {1.0, 0.7, 0.4}, {9, 9, 30}, {{6, 7, 25}, {9, 9, 30}}},
                    TileCase{"OneVoxelThick", {1.0, 1.0, 1.0}, {1, 1, 20}, {{0, 0, 0}, {1, 1, 20}}},
                    TileCase{"Sections", {0.0, 1.0, 1.0}, {3, 12, 33}, {{1, 2, 3}, {3, 12, 20}}},
                    TileCase{"WithoutY", {0.8, 0.0, 1.0}, {6, 5, 21}, {{0, 1, 2}, {6, 4, 21}}},
                    TileCase{"WithoutX", {1.0, 0.6, 0.0}, {7, 8, 18}, {{2, 0, 1}, {6, 8, 17}}}),
    test::name_of);

/// Away from the edges a stream takes the memory that it says, to the float.
TEST(ChannelStreams, PlanTheirMemory) {
  const Scale scale{.sigma = 1.0, .sigmas = {1.0, 1.0, 1.0}};
  const Extent limits{14, 15, 44};
  const LocalBox tile{{4, 5, 6}, {9, 11, 28}};
  const DerivativeKernels derivatives(scale);
  const TensorKernels tensor(scale);
  TileOutputs outputs({FeatureKind::structure_tensor_eigenvalues}, scale, tile.extent());
  ChannelArrays sink(outputs.views, tile.begin);
  const std::int64_t for_derivatives = DerivativeStream::floats(derivatives.plan, tile.extent());
  const std::int64_t for_tensor = TensorStream::floats(tensor.plan, tile.extent());
  Arena arena(for_derivatives + for_tensor), small(for_tensor - 1);
  const DerivativeStream first(derivatives.plan, {}, sink, tile, limits, arena);
  EXPECT_EQ(arena.used(), for_derivatives);
  const TensorStream second(tensor.plan, outputs.list.front(), sink, tile, limits, arena);
  EXPECT_EQ(arena.used(), for_derivatives + for_tensor);
  EXPECT_THROW(TensorStream(tensor.plan, outputs.list.front(), sink, tile, limits, small), InternalError);
}

}  // namespace
}  // namespace cleft::features
