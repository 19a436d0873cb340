#include "features/passes/row_passes.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "features/convolve.hpp"
#include "features/feature_test_support.hpp"
#include "features/passes/eigenvalues.hpp"

namespace cleft::features {
namespace {

constexpr std::int64_t widths[] = {1, 3, 16, 17, 70, 133};

/// A kernel of a set, as the reference takes it.
Kernel kernel_of(const KernelSet& set, int order) {
  const auto& taps = set.taps[static_cast<std::size_t>(order)];
  return {.order = order, .taps = {taps.begin(), taps.begin() + set.radius + 1}};
}

/// Images of 2 * reach + 1 rows; their middle rows are what a pass makes.
struct Images {
  Images(int count, int radius, std::int64_t n)
      : reach(radius), width(n), all(test::random_image({count, 2 * radius + 1, n}, 5)) {}

  NeighbourRows neighbours() const {
    NeighbourRows rows{.begin = {}, .image_stride = all.view().stride_z()};
    for (int k = 0; k <= 2 * reach; ++k) rows.begin[static_cast<std::size_t>(k)] = all.row(0, k);
    return rows;
  }
  /// The reference's row for one image.
  std::vector<float> filtered(int image, const KernelSet& kernels, int order) const {
    Array3<float> out({1, 1, width});
    cleft::reference::convolve(all.view().part({image, 0, 0}, {1, 2 * reach + 1, width}), {0, reach, 0},
                               out.view(), 1, kernel_of(kernels, order));
    return {out.data(), out.data() + width};
  }

  int reach;
  std::int64_t width;
  Array3<float> all;
};

using Row = std::vector<float>;

std::vector<Row> eigenvalues_of(const std::vector<Row>& entries) {
  const auto n = static_cast<std::int64_t>(entries[0].size());
  std::vector<Row> values(entries.size() == 6 ? 3 : 2, Row(entries[0].size()));
  std::vector<View3<const float>> in;
  std::vector<View3<float>> out;
  for (const Row& entry : entries) in.emplace_back(entry.data(), Extent{1, 1, n});
  for (Row& value : values) out.emplace_back(value.data(), Extent{1, 1, n});
  reference::eigenvalues(in, out);
  return values;
}

template <class Formula>
Row combined(const std::vector<Row>& rows, Formula formula) {
  Row out(rows[0].size());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = rows.size() == 2 ? formula(rows[0][i], rows[1][i], 0.0F, false)
                              : formula(rows[0][i], rows[1][i], rows[2][i], true);
  return out;
}

TEST(FilterRow, GivesTheBitsOfTheDefinitionForEveryOrder) {
  for (const double sigma : {0.1, 0.6, 1.0})
    for (const std::int64_t n : widths) {
      const KernelSet kernels = KernelSet::gaussian(sigma, 2.0);
      const Images images(1, kernels.radius, n);
      test::on_every_target([&] {
        std::array<Row, 3> found;
        for (Row& row : found) row.resize(static_cast<std::size_t>(n));
        filter_row(kernels, images.neighbours().begin.data(),
                   {found[0].data(), found[1].data(), found[2].data()}, n);
        for (int order = 0; order < 3; ++order)
          EXPECT_EQ(found[static_cast<std::size_t>(order)], images.filtered(0, kernels, order))
              << sigma << ' ' << n;
      });
    }
}

TEST(FilterRow, LeavesOrdersOutThatAreNotWanted) {
  const KernelSet kernels = KernelSet::gaussian(1.0, 2.0);
  const Images images(1, kernels.radius, 40);
  Row found(40);
  filter_row(kernels, images.neighbours().begin.data(), {nullptr, found.data(), nullptr}, 40);
  EXPECT_EQ(found, images.filtered(0, kernels, 1));
}

/// Number of axes and sigma.
class FinishedRows : public testing::TestWithParam<std::tuple<int, double>> {
 protected:
  FinishedRows() {
    last.axes = axes;
    last.kernels = &kernels;
    last.narrow = &narrow;
    int next = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; i + j < 3 && (axes == 3 || j == 0); ++j) last.image[i][j] = next++;
    last.narrow_image = next++;
    image_count = next;
  }
  /// The derivative of these orders along the axes of the earlier passes and of the last one.
  Row derivative(const Images& images, int first, int second, int third) const {
    return images.filtered(last.image[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)],
                           kernels, third);
  }
  std::vector<Row> along_each_axis(const Images& images, int order) const {
    if (axes == 2) return {derivative(images, order, 0, 0), derivative(images, 0, 0, order)};
    return {derivative(images, order, 0, 0), derivative(images, 0, order, 0),
            derivative(images, 0, 0, order)};
  }
  std::vector<Row> hessian(const Images& images) const {
    if (axes == 2)
      return {derivative(images, 0, 0, 2), derivative(images, 1, 0, 1), derivative(images, 2, 0, 0)};
    return {derivative(images, 0, 0, 2), derivative(images, 0, 1, 1), derivative(images, 1, 0, 1),
            derivative(images, 0, 2, 0), derivative(images, 1, 1, 0), derivative(images, 2, 0, 0)};
  }
  static std::vector<Row> rows(std::int64_t count, std::int64_t n) {
    return std::vector<Row>(static_cast<std::size_t>(count), Row(static_cast<std::size_t>(n)));
  }

  int axes = std::get<0>(GetParam());
  KernelSet kernels = KernelSet::gaussian(std::get<1>(GetParam()), 2.0);
  KernelSet narrow = KernelSet::gaussian(0.66 * std::get<1>(GetParam()), 2.0);
  LastPass last;
  int image_count = 0;
};

TEST_P(FinishedRows, OfDerivativesAreThoseOfTheReference) {
  for (const std::int64_t n : widths) {
    const Images images(image_count, kernels.radius, n);
    const Row smooth = derivative(images, 0, 0, 0), less = images.filtered(last.narrow_image, narrow, 0);
    const auto slopes = along_each_axis(images, 1), curvatures = along_each_axis(images, 2);
    std::vector<Row> expected{smooth};
    expected.push_back(combined(
        curvatures, [](float a, float b, float c, bool three) { return three ? (a + b) + c : a + b; }));
    expected.push_back(combined(slopes, [](float a, float b, float c, bool three) {
      return std::sqrt(three ? (a * a + b * b) + c * c : a * a + b * b);
    }));
    expected.push_back(combined({smooth, less}, [](float a, float b, float, bool) { return a - b; }));
    for (const Row& value : eigenvalues_of(hessian(images))) expected.push_back(value);
    test::on_every_target([&] {
      auto found = rows(7, n);
      finish_derivatives(last, images.neighbours(),
                         {.smoothing = found[0].data(),
                          .laplacian = found[1].data(),
                          .gradient_magnitude = found[2].data(),
                          .difference = found[3].data(),
                          .hessian = {found[4].data(), found[5].data(), found[6].data()}},
                         n);
      for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(found[i], expected[i]) << i << ' ' << n;
    });
  }
}

TEST_P(FinishedRows, OfTheTensorAreThoseOfTheReference) {
  const int entries = axes == 3 ? 6 : 3;
  for (const std::int64_t n : widths) {
    const Images images(image_count, kernels.radius, n), products(entries, kernels.radius, n);
    const auto slopes = along_each_axis(images, 1);
    std::vector<Row> expected_products, smoothed;
    for (std::size_t i = slopes.size(); i-- > 0;)
      for (std::size_t j = i + 1; j-- > 0;)
        expected_products.push_back(
            combined({slopes[i], slopes[j]}, [](float a, float b, float, bool) { return a * b; }));
    for (int i = 0; i < entries; ++i) smoothed.push_back(products.filtered(i, kernels, 0));
    const auto expected_values = eigenvalues_of(smoothed);
    test::on_every_target([&] {
      auto found = rows(entries, n), values = rows(axes, n);
      std::vector<float*> to, values_to;
      for (Row& row : found) to.push_back(row.data());
      for (Row& row : values) values_to.push_back(row.data());
      finish_slope_products(last, images.neighbours(), to, n);
      finish_tensor(kernels, products.neighbours(), values_to, n);
      EXPECT_EQ(found, expected_products) << n;
      EXPECT_EQ(values, expected_values) << n;
    });
  }
}

INSTANTIATE_TEST_SUITE_P(AxesAndSigmas, FinishedRows,
                         testing::Combine(testing::Values(2, 3), testing::Values(0.1, 0.3, 0.6, 1.0)));

}  // namespace
}  // namespace cleft::features
