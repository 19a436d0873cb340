#include "features/set/feature_set.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

FeatureOptions only_color(std::vector<double> sigmas) {
  return {.texture = {}, .color = std::move(sigmas), .edge = {}, .dimensions_of_scale = {}};
}

FeatureOptions in_2d(FeatureOptions options, int sections = 0) {
  options.dimensions = Dimensions::two;
  options.sections = sections;
  return options;
}

FeatureOptions in_nm(FeatureOptions options) {
  options.sigma_unit = SigmaUnit::nm;
  return options;
}

TEST(FeatureSet, HasTheRecipesChannelsByDefault) {
  EXPECT_EQ(FeatureSet(FeatureOptions{}, {}).channel_count(), 29);
  EXPECT_EQ(FeatureSet(in_2d({}), {}).channel_count(), 23);
}

TEST(FeatureSet, NamesChannelsByFilterScaleAndEigenvalue) {
  const FeatureOptions options{.texture = {1.6}, .color = {0.7}, .edge = {5.0}, .dimensions_of_scale = {}};
  EXPECT_THAT(
      FeatureSet(options, {}).channel_names(),
      testing::ElementsAre(
          "GaussianSmoothing sigma=0.7", "LaplacianOfGaussian sigma=5", "GaussianGradientMagnitude sigma=5",
          "DifferenceOfGaussians sigma=5", "StructureTensorEigenvalues sigma=1.6 [0]",
          "StructureTensorEigenvalues sigma=1.6 [1]", "StructureTensorEigenvalues sigma=1.6 [2]",
          "HessianOfGaussianEigenvalues sigma=1.6 [0]", "HessianOfGaussianEigenvalues sigma=1.6 [1]",
          "HessianOfGaussianEigenvalues sigma=1.6 [2]"));
}

TEST(FeatureSet, AppendsNeighbouringSectionsOf2DScalesOnly) {
  FeatureOptions options = only_color({1.0, 5.0});
  options.dimensions_of_scale = {{1.0, Dimensions::two}};
  options.sections = 2;
  const FeatureSet set(options, {});
  EXPECT_THAT(set.channel_names(),
              testing::ElementsAre("GaussianSmoothing sigma=1", "GaussianSmoothing sigma=5",
                                   "GaussianSmoothing sigma=1 dz=-2", "GaussianSmoothing sigma=1 dz=-1",
                                   "GaussianSmoothing sigma=1 dz=1", "GaussianSmoothing sigma=1 dz=2"));
  EXPECT_EQ(set.channel_count(), 6);
  EXPECT_EQ(set.first_channel(0, -2), 2);
  EXPECT_EQ(set.first_channel(0, 2), 5);
}

TEST(FeatureSet, PlacesEveryChannelOnce) {
  FeatureOptions options = in_2d({}, 3);
  options.dimensions_of_scale = {{5.0, Dimensions::three}};
  const FeatureSet set(options, {});
  std::vector<int> taken(static_cast<std::size_t>(set.channel_count()));
  for (std::size_t f = 0; f < set.features().size(); ++f) {
    const int reach = set.scales()[set.features()[f].scale].is_2d() ? 3 : 0;
    for (int dz = -reach; dz <= reach; ++dz)
      for (int i = 0; i < set.channels_of(f); ++i)
        ++taken[static_cast<std::size_t>(set.first_channel(f, dz) + i)];
  }
  EXPECT_THAT(taken, testing::Each(1));
}

TEST(FeatureSet, DividesNmByTheVoxelSizeAndLeavesThickAxesAlone) {
  const FeatureSet set(in_nm(only_color({10.0, 16.0})), VoxelSize{45.0, 5.0, 4.0});
  ASSERT_EQ(set.scales().size(), 2U);
  EXPECT_EQ(set.scales()[0].sigmas, (PerAxis<double>{0.0, 2.0, 2.5}));
  EXPECT_EQ(set.scales()[1].sigmas, (PerAxis<double>{16.0 / 45.0, 3.2, 4.0}));
  EXPECT_THAT(set.channel_names(),
              testing::ElementsAre("GaussianSmoothing sigma=10nm", "GaussianSmoothing sigma=16nm"));
}

TEST(FeatureSet, HasAsManyEigenvaluesAsFilteredAxes) {
  const FeatureOptions options{.texture = {10.0, 16.0},
                               .color = {},
                               .edge = {},
                               .dimensions_of_scale = {},
                               .sigma_unit = SigmaUnit::nm};
  EXPECT_EQ(FeatureSet(options, VoxelSize{45.0, 5.0, 5.0}).channel_count(), 2 * (2 + 3));
}

TEST(FeatureSet, NeedsTheHaloOfItsWidestScale) {
  EXPECT_EQ(FeatureSet(FeatureOptions{}, {}).halo(), (Extent{20, 20, 20}));
  EXPECT_EQ(FeatureSet(in_2d({}), {}).halo(), (Extent{0, 20, 20}));
  EXPECT_EQ(FeatureSet(in_2d({}, 2), {}).halo(), (Extent{2, 20, 20}));
  EXPECT_EQ(FeatureSet(only_color({0.7}), {}).halo(), (Extent{3, 3, 3}));
  EXPECT_EQ(FeatureSet(in_nm(only_color({16.0})), VoxelSize{45.0, 5.0, 4.0}).halo(), (Extent{2, 13, 16}));
}

TEST(FeatureSet, IsEqualOnlyWhenItComputesTheSame) {
  const FeatureSet set(FeatureOptions{}, {});
  EXPECT_EQ(set, FeatureSet(FeatureOptions{}, VoxelSize{9.0, 5.0, 5.0}));
  EXPECT_NE(set, FeatureSet(in_2d({}), {}));
  EXPECT_NE(set, FeatureSet({.dimensions_of_scale = {}, .dialect = FilterDialect::ilastik_1_2}, {}));
}

template <class Error>
auto refuses(const std::string& text) {
  return ThrowsMessage<Error>(HasSubstr(text));
}

TEST(FeatureSet, RefusesWhatCannotBeFiltered) {
  const auto making = [](const FeatureOptions& options, std::optional<VoxelSize> voxel_size = {}) {
    return [=] { FeatureSet(options, voxel_size); };
  };
  EXPECT_THAT(making(only_color({})), refuses<ConfigError>("features: nothing is selected"));
  EXPECT_THAT(making(only_color({-1.0})), refuses<ConfigError>("scale -1"));
  EXPECT_THAT(making(only_color({1e9})), refuses<ConfigError>("is too large; expected at most 1000 voxels"));
  EXPECT_THAT(making(only_color({0.2})), refuses<ConfigError>("scale 0.2: filters 0 of 3 axes"));
  EXPECT_THAT(making(in_nm(only_color({8.0}))), refuses<ConfigError>("has no voxel size"));
  EXPECT_THAT(making(in_nm(only_color({8.0})), VoxelSize{9.0, 0.0, 5.0}),
              refuses<ConfigError>("the voxel size is"));
  EXPECT_THAT(making(in_nm(only_color({8.0})), VoxelSize{45.0, 45.0, 5.0}),
              refuses<ConfigError>("filters 1 of 3 axes"));
  EXPECT_THAT(making(in_2d({}, -1)), refuses<ConfigError>("features.sections: is -1"));
  FeatureOptions sections_in_3d;
  sections_in_3d.sections = 1;
  EXPECT_THAT(making(sections_in_3d), refuses<ConfigError>("every scale is 3D"));
}

TEST(FeatureSet, FitsAVolumeOfThreeAndAHalfSigmasAndOneVoxel) {
  const FeatureSet set(FeatureOptions{}, {});  // ceil(3.5 * 5) + 1 = 19
  EXPECT_NO_THROW(set.check_fits({19, 19, 19}));
  const auto checking = [&](const Extent& volume) { return [&set, volume] { set.check_fits(volume); }; };
  EXPECT_THAT(checking({19, 18, 19}),
              refuses<InputError>("features: scale 5: is too large for a volume of 18 voxels in y; expected "
                                  "at least 19 voxels in y"));
  EXPECT_THAT(checking({19, 19, 18}), refuses<InputError>("in x"));
  EXPECT_THAT(checking({4, 30, 30}),
              refuses<InputError>("scale 1: is too large for a volume of 4 voxels in z; expected at least "
                                  "5 voxels in z, or 'dimensions: 2d' for this scale"));
}

TEST(FeatureSet, FitsASingleSectionIn2D) {
  const FeatureSet set(in_2d({}), {});
  EXPECT_NO_THROW(set.check_fits({1, 19, 19}));
  EXPECT_THROW(set.check_fits({1, 19, 18}), InputError);
}

}  // namespace
}  // namespace cleft
