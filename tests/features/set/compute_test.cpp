#include "features/set/compute.hpp"

#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "features/feature_test_support.hpp"
#include "features/set/plain_features.hpp"

namespace cleft {
namespace {

struct Case {
  const char* name;
  Extent volume;
  FeatureSet set;
  friend void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }
};

FeatureSet set_of(const std::vector<double>& sigmas, Dimensions dimensions = Dimensions::three,
                  int sections = 0) {
  FeatureSelection selection = test::selection_of(test::all_kinds, sigmas, dimensions);
  selection.sections = sections;
  return {selection, std::nullopt};
}

FeatureSet in_nm(const std::vector<double>& sigmas, const VoxelSize& voxel_size) {
  FeatureSelection selection = test::selection_of(test::all_kinds, sigmas);
  selection.sigma_unit = SigmaUnit::nm;
  return {selection, voxel_size};
}

FeatureSet mixed_dimensions() {
  FeatureSelection selection = test::selection_of(test::all_kinds, {1.0, 1.6});
  selection.scales[0].dimensions = Dimensions::two;
  selection.sections = 1;
  return {selection, std::nullopt};
}

/// As an ilastik project may have it: filters in any order, a scale without some of them.
FeatureSet any_order() {
  FeatureSelection selection;
  selection.scales = {{1.6, Dimensions::three}, {0.3, Dimensions::three}};
  selection.features = {{FeatureKind::hessian_of_gaussian_eigenvalues, 1},
                        {FeatureKind::difference_of_gaussians, 0},
                        {FeatureKind::gaussian_smoothing, 1}};
  return {selection, std::nullopt};
}

class ComputeFeatures : public testing::TestWithParam<Case> {};

TEST_P(ComputeFeatures, GivesTheBitsOfThePlainDefinitionOnEveryTarget) {
  const auto& [name, extent, set] = GetParam();
  const Array3<float> volume = test::random_volume(extent);
  const auto expected = test::PlainFeatures(set, volume.view()).channels();
  const auto names = set.channel_names();
  test::on_every_target([&] {
    const test::Channels found = test::features_of(set, volume.view());
    for (std::size_t c = 0; c < expected.size(); ++c)
      EXPECT_EQ(test::differences(found.images[c].view(), expected[c].view()), 0) << names[c];
  });
}

INSTANTIATE_TEST_SUITE_P(
    Sets, ComputeFeatures,
    testing::Values(Case{"In3D", {12, 19, 22}, set_of({0.7, 1.6, 2.5})},
                    Case{"ShorterThanTheKernels", {5, 6, 7}, set_of({2.5})},
                    Case{"In2D", {3, 21, 26}, set_of({0.7, 3.5}, Dimensions::two)},
                    Case{"WithNeighbouringSections", {5, 9, 11}, set_of({1.6}, Dimensions::two, 2)},
                    Case{"WithMoreNeighboursThanSections", {2, 9, 11}, set_of({1.0}, Dimensions::two, 3)},
                    Case{"SomeScalesIn2D", {9, 11, 20}, mixed_dimensions()},
                    Case{"OneSection", {1, 12, 20}, set_of({1.6}, Dimensions::two, 1)},
                    Case{"AnisotropicIn3D", {6, 14, 18}, in_nm({16.0}, {45.0, 5.0, 4.6})},
                    Case{"WithoutY", {10, 4, 24}, in_nm({12.0}, {5.0, 60.0, 5.0})},
                    Case{"WiderThanATile", {10, 18, 150}, set_of({1.0})},
                    Case{"ManyTiles", {5, 35, 270}, set_of({0.7, 1.2})},
                    Case{"ManyTilesIn2D", {2, 35, 270}, set_of({1.2}, Dimensions::two)},
                    Case{"AnyOrder", {8, 9, 10}, any_order()}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ComputeFeaturesOfAConstant, IsTheConstantOrZero) {
  for (const Dimensions dimensions : {Dimensions::three, Dimensions::two}) {
    const FeatureSet set = set_of({1.0, 2.0}, dimensions);
    Array3<float> volume({8, 9, 10});
    volume.fill(200.0F);
    const test::Channels channels = test::features_of(set, volume.view());
    const auto names = set.channel_names();
    for (std::size_t c = 0; c < names.size(); ++c) {
      const float expected = names[c].starts_with("GaussianSmoothing") ? 200.0F : 0.0F;
      for (const float v : channels.images[c].voxels()) EXPECT_NEAR(v, expected, 1e-3) << names[c];
    }
  }
}

/// A bright sheet across z is a ridge: strongly curved along z only, and its slopes all point along z.
TEST(ComputeFeaturesOfASheet, KnowsItsDirection) {
  FeatureOptions options{.texture = {1.6}, .color = {}, .edge = {}, .dimensions_of_scale = {}};
  const FeatureSet set(options, {});
  Array3<float> volume({21, 21, 21});
  for (std::int64_t y = 0; y < 21; ++y)
    for (std::int64_t x = 0; x < 21; ++x) volume(10, y, x) = 100.0F;
  const test::Channels channels = test::features_of(set, volume.view());
  const auto at_sheet = [&](std::size_t c) { return channels.images[c](10, 9, 8); };
  EXPECT_GT(at_sheet(0), 1.0F);  // structure tensor
  EXPECT_NEAR(at_sheet(1), 0.0F, 1e-3);
  EXPECT_NEAR(at_sheet(2), 0.0F, 1e-3);
  EXPECT_NEAR(at_sheet(3), 0.0F, 1e-2);  // Hessian
  EXPECT_NEAR(at_sheet(4), 0.0F, 1e-2);
  EXPECT_LT(at_sheet(5), -5.0F);
}

TEST(ComputeFeaturesWorkingBytes, GrowWithTheCoreAndCoverTheWidestScale) {
  const FeatureSet set(FeatureOptions{}, {});
  const auto floats_of = [](const Extent& e) {
    return static_cast<std::size_t>(voxel_count(e)) * sizeof(float);
  };
  const Extent box{64, 64, 64};
  EXPECT_GT(working_bytes(set, box), floats_of({104, 70, 70}));
  EXPECT_LT(working_bytes(set, box), floats_of({104, 104, 104}));
  EXPECT_GT(working_bytes(set, {64, 128, 128}), working_bytes(set, box));
}

TEST(ComputeFeaturesOfSeveralImageChannels, AreThoseOfEachChannelAlone) {
  FeatureSelection selection = test::selection_of(test::all_kinds, {0.7, 1.6});
  selection.scales[0].dimensions = Dimensions::two;
  selection.sections = 1;
  const FeatureSet one(selection, std::nullopt);
  selection.image_channels = 2;
  const FeatureSet two(selection, std::nullopt);
  const Extent extent{9, 10, 37};
  const Array3<float> images[] = {test::random_volume(extent, 1), test::random_volume(extent, 2)};
  const std::vector<View3<const float>> padded{images[0].view(), images[1].view()};
  test::on_every_target([&] {
    test::Channels found(two, extent);
    compute_features(two, padded, {}, extent, found.views);
    for (int image = 0; image < 2; ++image) {
      const test::Channels alone = test::features_of(one, padded[static_cast<std::size_t>(image)]);
      for (std::size_t f = 0; f < one.features().size(); ++f)
        for (int dz = one.scales()[one.features()[f].scale].is_2d() ? -1 : 0; dz <= 0; ++dz)
          for (int i = 0; i < one.channels_of(f); ++i) {
            const auto at = static_cast<std::size_t>(two.first_channel(f, dz, image) + i);
            const auto right = static_cast<std::size_t>(one.first_channel(f, dz) + i);
            EXPECT_EQ(test::differences(found.images[at].view(), alone.images[right].view()), 0) << at;
          }
    }
  });
}

/// Filters that reach one voxel only, in a box of whole tiles: the temporary images make up most of the
/// memory then, and there must be room for all of them.
TEST(ComputeFeatures, HasRoomForTheFiltersOfTheSmallestSigmas) {
  FeatureOptions options{.texture = {0.3}, .color = {}, .edge = {0.3}, .dimensions_of_scale = {}};
  for (const FilterDialect dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2}) {
    options.dialect = dialect;
    const FeatureSet set(options, {});
    const Array3<float> volume = test::random_volume({30, 60, 130});
    EXPECT_NO_THROW(test::features_of(set, volume.view()));
  }
}

/// What a forest that asks for few channels relies on: without NaN among the grey values there is none in any
/// channel, up to the largest values of uint16.
TEST(ComputeFeatures, AreNumbersForGreyValuesOfSixteenBits) {
  const Extent extent{9, 12, 21};
  std::vector<Array3<float>> images;
  for (int i = 0; i < 4; ++i) images.push_back(test::random_volume(extent));
  images[0].fill(65535);
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x) {
        images[1](z, y, x) = (z + y + x) % 2 == 0 ? 65535.0F : 0.0F;
        images[2](z, y, x) = images[2](z, y, x) < 128 ? 65535.0F : -65535.0F;
        images[3](z, y, x) = z == 4 && y == 5 && x == 9 ? 65535.0F : 0.0F;
      }
  for (const FilterDialect dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2})
    for (const Dimensions dimensions : {Dimensions::three, Dimensions::two}) {
      FeatureSelection selection = test::selection_of(test::all_kinds, {0.3, 0.5, 0.7, 1.6}, dimensions);
      selection.dialect = dialect;
      const FeatureSet set(selection, std::nullopt);
      for (const auto& image : images)
        test::on_every_target([&] {
          for (const auto& channel : test::features_of(set, image.view()).images)
            for (const float value : channel.voxels()) ASSERT_TRUE(std::isfinite(value));
        });
    }
}

TEST(ComputeFeatures, RefusesChannelsThatAreNotTheSets) {
  const FeatureSet set = set_of({1.0});
  const Array3<float> volume = test::random_volume({8, 8, 8});
  test::Channels channels(set, {8, 8, 7});
  EXPECT_THROW(compute_features(set, volume.view(), {}, {8, 8, 8}, channels.views), InternalError);
  channels.views.pop_back();
  EXPECT_THROW(compute_features(set, volume.view(), {}, {8, 8, 7}, channels.views), InternalError);
}

}  // namespace
}  // namespace cleft
