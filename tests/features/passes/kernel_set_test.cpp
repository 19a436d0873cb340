#include "features/passes/kernel_set.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft::features {
namespace {

TEST(KernelSet, HoldsTheGaussianKernelsOfEachOrder) {
  for (const double sigma : {0.1, 0.3, 0.66, 1.0}) {
    const KernelSet set = KernelSet::gaussian(sigma, 2.0);
    EXPECT_EQ(set.radius, kernel_radius(sigma, 2.0));
    for (int order = 0; order < KernelSet::order_count; ++order) {
      const Kernel kernel = gaussian_kernel(order, sigma, 2.0);
      for (std::size_t k = 0; k < kernel.taps.size(); ++k)
        EXPECT_EQ(set.taps[static_cast<std::size_t>(order)][k], kernel.taps[k]) << sigma << ' ' << order;
    }
  }
}

TEST(KernelSet, IsTheIdentityOnAnAxisThatIsNotFiltered) {
  const KernelSet set = KernelSet::gaussian(0.0, 2.0);
  EXPECT_EQ(set.radius, 0);
  for (const auto& taps : set.taps) EXPECT_EQ(taps[0], 1.0F);
}

TEST(KernelSet, RefusesKernelsThatPassesDoNotReach) {
  EXPECT_NO_THROW(KernelSet::gaussian(1.24, 2.0));
  EXPECT_THROW(KernelSet::gaussian(1.25, 2.0), InternalError);
}

}  // namespace
}  // namespace cleft::features
