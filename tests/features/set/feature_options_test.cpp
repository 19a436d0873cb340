#include "features/set/feature_options.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

std::string error_of(const FeatureOptions& options) {
  try {
    feature_selection(options);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(NamedScales, AreIlastiksOwn) {
  EXPECT_EQ(scale_named("small"), 0.7);
  EXPECT_EQ(scale_named("gigahuge"), 10.0);
  EXPECT_EQ(scale_named("Small"), std::nullopt);
}

TEST(FeatureOptions, SelectFiltersInOrderAndScalesFromSmallToLarge) {
  FeatureOptions options;
  options.color = {3.5, 0.7};
  options.edge = {3.5};
  options.texture = {1.6};
  const FeatureSelection selection = feature_selection(options);
  ASSERT_EQ(selection.scales.size(), 3U);
  EXPECT_EQ(selection.scales[0].sigma, 0.7);
  EXPECT_EQ(selection.scales[1].sigma, 1.6);
  EXPECT_EQ(selection.scales[2].sigma, 3.5);
  const std::vector<Feature> expected{{FeatureKind::gaussian_smoothing, 0},
                                      {FeatureKind::gaussian_smoothing, 2},
                                      {FeatureKind::laplacian_of_gaussian, 2},
                                      {FeatureKind::gaussian_gradient_magnitude, 2},
                                      {FeatureKind::difference_of_gaussians, 2},
                                      {FeatureKind::structure_tensor_eigenvalues, 1},
                                      {FeatureKind::hessian_of_gaussian_eigenvalues, 1}};
  EXPECT_EQ(selection.features, expected);
}

TEST(FeatureOptions, CanHaveSomeScalesIn2D) {
  FeatureOptions options;
  options.dimensions_of_scale = {{3.5, Dimensions::two}};
  for (const auto& scale : feature_selection(options).scales)
    EXPECT_EQ(scale.dimensions, scale.sigma == 3.5 ? Dimensions::two : Dimensions::three);
}

TEST(FeatureOptions, RefuseAScaleListedTwice) {
  FeatureOptions options;
  options.edge = {1.6, 5.0, 1.6};
  EXPECT_EQ(error_of(options), "features.edge: scale 1.6 is listed twice; expected each scale once");
}

TEST(FeatureOptions, RefuseDimensionsOfAScaleThatIsNotThere) {
  FeatureOptions options;
  options.dimensions_of_scale = {{2.0, Dimensions::two}};
  EXPECT_NE(error_of(options).find("speaks of scale 2, which no group selects"), std::string::npos);
}

TEST(FeatureSelection, TravelsUnchangedInAnArchive) {
  FeatureOptions options;
  options.texture = {2.5};
  options.dimensions = Dimensions::two;
  options.dimensions_of_scale = {{2.5, Dimensions::three}};
  options.sigma_unit = SigmaUnit::nm;
  options.sections = 2;
  options.dialect = FilterDialect::ilastik_1_2;
  std::stringstream bytes;
  const FeatureSelection selection = feature_selection(options);
  boost::archive::binary_oarchive(bytes) << selection;
  FeatureSelection copy;
  boost::archive::binary_iarchive(bytes) >> copy;
  EXPECT_EQ(copy, selection);
  EXPECT_NE(copy, feature_selection(FeatureOptions{}));
}

}  // namespace
}  // namespace cleft
