#include "features/gaussian.hpp"

#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(KernelRadius, IsTheWindowInSigmasRoundedToVoxels) {
  EXPECT_EQ(kernel_radius(1.0, 2.0), 2);
  EXPECT_EQ(kernel_radius(0.66, 2.0), 1);
  EXPECT_EQ(kernel_radius(0.7, 3.5), 2);
  EXPECT_EQ(kernel_radius(1.0, 3.5), 4);
  EXPECT_EQ(kernel_radius(std::sqrt(24.0), 3.5), 17);
  EXPECT_EQ(kernel_radius(0.15, 2.0), 0);
  EXPECT_EQ(kernel_radius(0.25, 2.0), 1);
  EXPECT_EQ(kernel_radius(0.0, 3.5), 0);
}

struct Published {
  const char* name;
  int order;
  double sigma, window;
  std::vector<float> taps;
  friend void PrintTo(const Published& known, std::ostream* out) { *out << known.name; }
};

class KnownKernels : public testing::TestWithParam<Published> {};

/// Taps of an independent implementation of the same definition, to the last bit.
TEST_P(KnownKernels, AreReproducedExactly) {
  const Published& known = GetParam();
  const Kernel kernel = gaussian_kernel(known.order, known.sigma, known.window);
  EXPECT_EQ(kernel.order, known.order);
  EXPECT_EQ(kernel.taps, known.taps);
}

INSTANTIATE_TEST_SUITE_P(
    Taps, KnownKernels,
    testing::Values(Published{"Smoothing", 0, 1.0, 2.0, {0x1.9c4868p-2F, 0x1.f41fd4p-3F, 0x1.be5f0ep-5F}},
                    Published{"Slope", 1, 1.0, 2.0, {0.0F, 0x1.0e89e6p-2F, 0x1.e2ec36p-4F}},
                    Published{"Curvature", 2, 1.0, 2.0, {-0x1.0fef72p-1F, 0x1.53f42ap-6F, 0x1.f5605ep-3F}},
                    Published{"Narrow", 0, 0.66, 2.0, {0x1.3937f0p-1F, 0x1.8d9020p-3F}},
                    Published{"CentralDifference", 1, 0.5, 2.0, {0.0F, 0.5F}},
                    Published{"SecondDifference", 2, 0.7, 2.0, {-2.0F, 1.0F}},
                    Published{
                        "Presmoothing",
                        0,
                        std::sqrt(1.6 * 1.6 - 1.0),
                        3.5,
                        {0x1.472586p-2F, 0x1.dadee8p-3F, 0x1.6b1718p-4F, 0x1.2479c8p-6F, 0x1.f06636p-10F}}),
    [](const auto& tested) { return std::string(tested.param.name); });

/// The whole kernel applied at 0 to a function of x.
template <class Function>
double applied(const Kernel& kernel, Function function) {
  double sum = static_cast<double>(kernel.taps[0]) * function(0.0);
  for (std::size_t k = 1; k < kernel.taps.size(); ++k) {
    const auto x = static_cast<double>(k);
    const double pair = kernel.order == 1 ? function(x) - function(-x) : function(x) + function(-x);
    sum += static_cast<double>(kernel.taps[k]) * pair;
  }
  return sum;
}

TEST(GaussianKernel, MeasuresConstantsRampsAndParabolasExactly) {
  for (const double sigma : {0.5, 0.7, 1.0, 1.25, 3.354, 4.9, 9.95})
    for (const double window : {2.0, 3.5}) {
      const auto one = [](double) { return 1.0; };
      const auto ramp = [](double x) { return x; };
      const auto parabola = [](double x) { return x * x / 2.0; };
      EXPECT_NEAR(applied(gaussian_kernel(0, sigma, window), one), 1.0, 1e-6);
      EXPECT_NEAR(applied(gaussian_kernel(1, sigma, window), ramp), 1.0, 1e-6);
      EXPECT_NEAR(applied(gaussian_kernel(2, sigma, window), one), 0.0, 1e-6);
      EXPECT_NEAR(applied(gaussian_kernel(2, sigma, window), parabola), 1.0, 1e-6);
    }
}

TEST(GaussianKernel, FallsOffLikeAGaussian) {
  const Kernel kernel = gaussian_kernel(0, 3.0, 3.5);
  for (std::size_t k = 1; k < kernel.taps.size(); ++k) {
    const auto x = static_cast<double>(k);
    EXPECT_NEAR(kernel.taps[k] / kernel.taps[0], std::exp(-x * x / 18.0), 1e-6);
  }
}

TEST(GaussianKernel, WithoutRadiusIsTheIdentityWhateverTheOrder) {
  for (const int order : {0, 1, 2}) {
    const Kernel kernel = gaussian_kernel(order, 0.15, 2.0);
    EXPECT_EQ(kernel.radius(), 0);
    EXPECT_EQ(kernel.taps, std::vector<float>{1.0F});
  }
}

TEST(VigraKernelRadius, IsAtLeastOneWhereAnAxisIsFiltered) {
  EXPECT_EQ(vigra_kernel_radius(0.0, 3.5), 0);
  EXPECT_EQ(vigra_kernel_radius(0.15, 2.0), 1);
  EXPECT_EQ(vigra_kernel_radius(0.7, 2.0), 1);
  EXPECT_EQ(vigra_kernel_radius(1.0, 2.0), 2);
  EXPECT_EQ(vigra_kernel_radius(std::sqrt(99.0), 3.5), 35);
}

}  // namespace
}  // namespace cleft
