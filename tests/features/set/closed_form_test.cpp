// Filters against mathematics: images whose derivatives are known in closed form. Away from the borders only;
// borders_test looks at those.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"

namespace cleft {
namespace {

/// An image of a function of the place, counted from the middle of the volume.
using Function = std::function<double(double z, double y, double x)>;

constexpr std::int64_t length = 33, middle = 16;

Array3<float> image_of(const Function& f) {
  Array3<float> image({length, length, length});
  for (std::int64_t z = 0; z < length; ++z)
    for (std::int64_t y = 0; y < length; ++y)
      for (std::int64_t x = 0; x < length; ++x)
        image(z, y, x) =
            static_cast<float>(f(static_cast<double>(z - middle), static_cast<double>(y - middle),
                                 static_cast<double>(x - middle)));
  return image;
}

FeatureSet one_feature(FeatureKind kind, double sigma, Dimensions dimensions = Dimensions::three) {
  return {test::selection_of({kind}, {sigma}, dimensions), std::nullopt};
}

/// Compares a channel with what it must be at places near the middle, which no border reaches.
void expect_near_middle(const Array3<float>& channel, const Function& expected, double tolerance) {
  for (const std::int64_t z : {-2, 0, 1})
    for (const std::int64_t y : {-1, 0, 2})
      for (const std::int64_t x : {-2, 0, 2})
        EXPECT_NEAR(channel(middle + z, middle + y, middle + x),
                    expected(static_cast<double>(z), static_cast<double>(y), static_cast<double>(x)),
                    tolerance)
            << z << ", " << y << ", " << x;
}

std::vector<Array3<float>> features_of(FeatureKind kind, double sigma, const Function& f,
                                       Dimensions dimensions = Dimensions::three) {
  const Array3<float> image = image_of(f);
  return test::features_of(one_feature(kind, sigma, dimensions), image.view()).images;
}

/// Variance of a Gaussian sampled at the voxels -radius … radius, of sum 1.
double sampled_variance(double sigma, double window) {
  const double radius = std::floor(window * sigma + 0.5);
  double sum = 0, squares = 0;
  for (double k = -radius; k <= radius; ++k) {
    const double weight = std::exp(-k * k / (2 * sigma * sigma));
    sum += weight;
    squares += weight * k * k;
  }
  return squares / sum;
}

/// What smoothing at this scale adds to the parabola x²: the variances of its two steps.
double smoothing_variance(double sigma) {
  const double first = sigma > 1 ? std::sqrt(sigma * sigma - 1) : sigma;
  return sampled_variance(first, 3.5) + sampled_variance(std::min(sigma, 1.0), 2.0);
}

class EverySigma : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Sigmas, EverySigma, testing::Values(0.7, 1.0, 1.6, 2.5), [](const auto& tested) {
  return "Sigma" + std::to_string(static_cast<int>(10 * tested.param));
});

TEST_P(EverySigma, SmoothingLeavesARampAsItIs) {
  const Function ramp = [](double z, double y, double x) { return 100 + 3 * z - 2 * y + 0.5 * x; };
  const auto found = features_of(FeatureKind::gaussian_smoothing, GetParam(), ramp);
  expect_near_middle(found[0], ramp, 1e-3);
}

TEST_P(EverySigma, SmoothingAddsItsVarianceToAParabola) {
  const Function parabola = [](double z, double y, double x) { return z * z + 2 * y * y - x * x + x * y; };
  const double variance = smoothing_variance(GetParam());
  const auto found = features_of(FeatureKind::gaussian_smoothing, GetParam(), parabola);
  expect_near_middle(
      found[0], [&](double z, double y, double x) { return parabola(z, y, x) + 2 * variance; }, 2e-3);
}

/// Where sigma is large enough for samples to stand for the curve, both steps together smooth by sigma².
TEST(SmoothingVariance, IsSigmaSquaredButForTheNarrowWindow) {
  for (const double sigma : {2.5, 3.5, 5.0, 10.0})
    EXPECT_NEAR(smoothing_variance(sigma), sigma * sigma, 0.02 * sigma * sigma);
}

TEST_P(EverySigma, LaplacianOfAParabolaIsTheSumOfItsCurvatures) {
  const Function parabola = [](double z, double y, double x) {
    return 0.5 * (3 * z * z - 2 * y * y + 0.75 * x * x) + z * x + 5 * y;
  };
  const auto found = features_of(FeatureKind::laplacian_of_gaussian, GetParam(), parabola);
  expect_near_middle(
      found[0], [](double, double, double) { return 3 - 2 + 0.75; }, 5e-3);
}

TEST_P(EverySigma, LaplacianPerSectionLeavesOutZ) {
  const Function parabola = [](double z, double y, double x) { return 3 * z * z + y * y - 0.25 * x * x; };
  const auto found = features_of(FeatureKind::laplacian_of_gaussian, GetParam(), parabola, Dimensions::two);
  expect_near_middle(
      found[0], [](double, double, double) { return 2 - 0.5; }, 5e-3);
}

TEST_P(EverySigma, GradientMagnitudeIsThatOfAParabola) {
  const Function parabola = [](double z, double y, double x) {
    return 2 * z * z - y * y + 0.5 * x * x + 4 * x;
  };
  const auto found = features_of(FeatureKind::gaussian_gradient_magnitude, GetParam(), parabola);
  expect_near_middle(
      found[0], [](double z, double y, double x) { return std::hypot(4 * z, -2 * y, x + 4); }, 5e-3);
}

/// Both smoothings leave a ramp alone; on a parabola they differ by their variances.
TEST_P(EverySigma, DifferenceOfGaussiansIsTheDifferenceOfVariances) {
  const double n = std::min(GetParam(), 1.0);
  const double expected = 3 * (sampled_variance(n, 2.0) - sampled_variance(0.66 * n, 2.0));
  const auto found =
      features_of(FeatureKind::difference_of_gaussians, GetParam(),
                  [](double z, double y, double x) { return z * z + y * y + x * x - 7 * z + 3 * x; });
  expect_near_middle(
      found[0], [&](double, double, double) { return expected; }, 2e-3);
}

using Matrix = std::array<std::array<double, 3>, 3>;

/// The symmetric matrix with these eigenvalues, along three directions at right angles in z, y, x.
Matrix with_eigenvalues(double a, double b, double c) {
  constexpr std::array<std::array<double, 3>, 3> directions{
      {{2.0 / 3, 2.0 / 3, 1.0 / 3}, {-2.0 / 3, 1.0 / 3, 2.0 / 3}, {1.0 / 3, -2.0 / 3, 2.0 / 3}}};
  const std::array values{a, b, c};
  Matrix m{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 3; ++k) m[i][j] += values[k] * directions[k][i] * directions[k][j];
  return m;
}

struct Eigenvalues {
  const char* name;
  double first, second, third;  // largest first
  friend void PrintTo(const Eigenvalues& tested, std::ostream* out) { *out << tested.name; }
};

/// Never at even distances, where the solution keeps a peculiarity of ilastik's: eigenvalues_test has that.
class KnownEigenvalues : public testing::TestWithParam<Eigenvalues> {};
INSTANTIATE_TEST_SUITE_P(Forms, KnownEigenvalues,
                         testing::Values(Eigenvalues{"Different", 5, 2, -3}, Eigenvalues{"Bowl", 2, 2, 2},
                                         Eigenvalues{"Sheet", 0, 0, -4}, Eigenvalues{"Tube", 0, -3, -3},
                                         Eigenvalues{"Saddle", 4, 1, -4},
                                         Eigenvalues{"Close", 1.01, 1, 0.98}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_P(KnownEigenvalues, OfAQuadraticFormAreThoseOfItsHessian) {
  const Eigenvalues& known = GetParam();
  const Matrix m = with_eigenvalues(known.third, known.first, known.second);
  const Function form = [&](double z, double y, double x) {
    const std::array p{z, y, x};
    double sum = 3 * z - y + 10;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) sum += 0.5 * m[i][j] * p[i] * p[j];
    return sum;
  };
  for (const double sigma : {1.0, 1.6}) {
    const auto found = features_of(FeatureKind::hessian_of_gaussian_eigenvalues, sigma, form);
    // Where two are equal, rounding of the matrix by e moves them by sqrt(e) at most.
    for (const auto& [channel, value] : {std::pair{0U, known.first}, {1U, known.second}, {2U, known.third}})
      expect_near_middle(
          found[channel], [&, v = value](double, double, double) { return v; }, 2e-2);
  }
}

TEST_P(EverySigma, StructureTensorOfARampIsItsSlopeSquaredAndNothingElse) {
  const auto found = features_of(FeatureKind::structure_tensor_eigenvalues, GetParam(),
                                 [](double z, double y, double x) { return 2 * z - 3 * y + 6 * x; });
  expect_near_middle(
      found[0], [](double, double, double) { return 49.0; }, 0.02);
  for (const std::size_t c : {1U, 2U})
    expect_near_middle(
        found[c], [](double, double, double) { return 0.0; }, 0.02);
}

/// cos(k x) at sigma 1: presmoothing damps the wave; the slopes are central differences, which make it
/// sin(k) sin(k x); their square is 1/2 (1 - cos(2 k x)), of which averaging damps the wave.
TEST(StructureTensorOfAPlaneWave, IsTheMeanSquareSlopeAlongItsDirectionOnly) {
  constexpr double k = 2 * std::numbers::pi / 9, amplitude = 50;
  const auto damped = [](double wave, double radius) {
    double sum = 0, passed = 0;
    for (double n = -radius; n <= radius; ++n) {
      const double weight = std::exp(-n * n / 2);
      sum += weight;
      passed += weight * std::cos(wave * n);
    }
    return passed / sum;
  };
  const double slope = amplitude * damped(k, 4) * std::sin(k);
  for (const int axis : {0, 1, 2}) {
    const auto found =
        features_of(FeatureKind::structure_tensor_eigenvalues, 1.0, [&](double z, double y, double x) {
          return amplitude * std::cos(k * PerAxis<double>{z, y, x}[axis]);
        });
    expect_near_middle(
        found[0],
        [&](double z, double y, double x) {
          return slope * slope / 2 *
                 (1 - damped(2 * k, 2) * std::cos(2 * k * PerAxis<double>{z, y, x}[axis]));
        },
        0.05);
    for (const std::size_t c : {1U, 2U})
      expect_near_middle(
          found[c], [](double, double, double) { return 0.0; }, 0.05);
  }
}

}  // namespace
}  // namespace cleft
