#include "features/scale.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace cleft {
namespace {

Scale isotropic(double sigma) {
  return {.sigma = sigma, .sigmas = {sigma, sigma, sigma}};
}

TEST(Scale, SmoothsAheadByWhatTheFilterLeavesOut) {
  for (const double sigma : {1.6, 3.5, 5.0, 10.0}) {
    const Scale scale = isotropic(sigma);
    EXPECT_DOUBLE_EQ(scale.filter().x, 1.0);
    EXPECT_NEAR(std::hypot(scale.presmoothing().x, scale.filter().x), sigma, 1e-12);
  }
}

TEST(Scale, SmoothsTwiceUpToOneVoxel) {
  for (const double sigma : {0.3, 0.7, 1.0}) {
    EXPECT_EQ(isotropic(sigma).presmoothing().y, sigma);
    EXPECT_EQ(isotropic(sigma).filter().y, sigma);
  }
}

TEST(Scale, TreatsEachAxisOnItsOwn) {
  const Scale scale{.sigma = 16.0, .unit = SigmaUnit::nm, .sigmas = {0.0, 0.8, 5.0}};
  EXPECT_TRUE(scale.is_2d());
  EXPECT_EQ(scale.active_axes(), 2);
  EXPECT_EQ(scale.presmoothing(), (PerAxis<double>{0.0, 0.8, std::sqrt(24.0)}));
  EXPECT_EQ(scale.filter(), (PerAxis<double>{0.0, 0.8, 1.0}));
  EXPECT_EQ(presmoothing_reach(scale, FilterDialect::ilastik), (Extent{0, 3, 17}));
  EXPECT_EQ(filter_reach(FeatureKind::gaussian_smoothing, scale, FilterDialect::ilastik), (Extent{0, 2, 2}));
}

TEST(Scale, ReachesThreeVoxelsForTheStructureTensorAndTwoElse) {
  const Scale scale = isotropic(3.5);
  for (const auto dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2}) {
    EXPECT_EQ(filter_reach(FeatureKind::structure_tensor_eigenvalues, scale, dialect), (Extent{3, 3, 3}));
    EXPECT_EQ(filter_reach(FeatureKind::hessian_of_gaussian_eigenvalues, scale, dialect), (Extent{2, 2, 2}));
    EXPECT_EQ(filter_reach(FeatureKind::difference_of_gaussians, scale, dialect), (Extent{2, 2, 2}));
  }
}

TEST(Scale, ReachesAtLeastOneVoxelPerStepInTheOldDialect) {
  const Scale thin{.sigmas = {0.0, 0.3, 1.001}};
  const auto reach = [&](FeatureKind kind, FilterDialect dialect) {
    return filter_reach(kind, thin, dialect);
  };
  EXPECT_EQ(presmoothing_reach(thin, FilterDialect::ilastik), (Extent{0, 1, 0}));
  EXPECT_EQ(presmoothing_reach(thin, FilterDialect::ilastik_1_2), (Extent{0, 1, 1}));
  for (const auto dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2})
    EXPECT_EQ(reach(FeatureKind::difference_of_gaussians, dialect), (Extent{0, 1, 2}));
  EXPECT_EQ(reach(FeatureKind::structure_tensor_eigenvalues, FilterDialect::ilastik), (Extent{0, 1, 3}));
  EXPECT_EQ(reach(FeatureKind::structure_tensor_eigenvalues, FilterDialect::ilastik_1_2), (Extent{0, 2, 3}));
}

TEST(TensorSigmas, AreSwappedBetweenTheDialects) {
  const TensorSigmas now = tensor_sigmas(isotropic(5.0), FilterDialect::ilastik);
  const TensorSigmas before = tensor_sigmas(isotropic(5.0), FilterDialect::ilastik_1_2);
  EXPECT_EQ(now.derivative.x, 0.5);
  EXPECT_EQ(now.averaging.x, 1.0);
  EXPECT_EQ(before.derivative, now.averaging);
  EXPECT_EQ(before.averaging, now.derivative);
}

TEST(TensorSigmas, NeverLoseASlopeWhereSigmaIsInNm) {
  const Scale thin{.sigma = 16.0, .unit = SigmaUnit::nm, .sigmas = {0.36, 3.5, 3.5}};
  EXPECT_EQ(tensor_sigmas(thin, FilterDialect::ilastik).derivative, (PerAxis<double>{0.25, 0.5, 0.5}));
  const Scale flat{.sigma = 16.0, .unit = SigmaUnit::nm, .sigmas = {0.0, 3.5, 3.5}};
  EXPECT_EQ(tensor_sigmas(flat, FilterDialect::ilastik).derivative.z, 0.0);
  EXPECT_EQ(tensor_sigmas(isotropic(0.3), FilterDialect::ilastik).derivative.z, 0.15);
}

}  // namespace
}  // namespace cleft
