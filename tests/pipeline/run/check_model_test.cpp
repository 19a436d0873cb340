#include "pipeline/run/check_model.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Config config_of(const std::string& text) {
  return parse_config("model: my.model.h5\n" + text, "run.yaml", {});
}

Model trained_on(const std::string& features, std::optional<VoxelSize> voxel_size = std::nullopt) {
  Model model;
  model.classes = {"membrane", "synapse", "rest"};
  model.features = feature_selection(config_of("features: " + features).features);
  model.voxel_size = voxel_size;
  return model;
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "accepted";
}

std::vector<std::string> differences(const std::string& a, const std::string& b) {
  return differing_feature_keys(trained_on(a).features, trained_on(b).features);
}

TEST(DifferingFeatureKeys, AreNamedOneByOne) {
  const std::string plain = "{texture: [1.6], color: [0.7], edge: [1.6, 3.5]}";
  EXPECT_THAT(differences(plain, plain), IsEmpty());
  EXPECT_THAT(differences(plain, "{texture: [1.6], color: [0.7], edge: [3.5, 1.6]}"), IsEmpty());
  EXPECT_THAT(differences(plain, "{texture: [1.6], color: [1.0], edge: [1.6, 3.5]}"),
              ElementsAre("features.color"));
  EXPECT_THAT(differences(plain, "{texture: [], color: [0.7], edge: [1.6, 5.0]}"),
              ElementsAre("features.texture", "features.edge"));
  EXPECT_THAT(differences(plain, "{texture: [1.6], color: [0.7], edge: [1.6, 3.5], dimensions: 2d}"),
              ElementsAre("features.dimensions"));
  EXPECT_THAT(differences(plain, "{texture: [1.6], color: [0.7], edge: [1.6, 3.5], sigma_unit: nm}"),
              ElementsAre("features.sigma_unit"));
  EXPECT_THAT(
      differences(plain, "{texture: [1.6], color: [0.7], edge: [1.6, 3.5], structure_tensor: ilastik-1.2}"),
      ElementsAre("features.structure_tensor"));
  EXPECT_THAT(differences("{dimensions: 2d}", "{dimensions: 2d, sections: 1}"),
              ElementsAre("features.sections"));
}

TEST(CheckModelIsMeant, WhatIsNotStatedIsTheModels) {
  EXPECT_NO_THROW(check_model_is_meant(config_of(""), trained_on("{color: [1.0], dimensions: 2d}")));
}

TEST(CheckModelIsMeant, FeaturesAsInTrainingAreAccepted) {
  const std::string features = "{texture: [], color: [0.7], edge: [1.6], dimensions: 2d}";
  EXPECT_NO_THROW(check_model_is_meant(config_of("features: " + features), trained_on(features)));
}

/// Channel names carry neither.
TEST(CheckModelIsMeant, DimensionsAndDialectAloneAreADifference) {
  const auto model = trained_on("{texture: [], color: [0.7], edge: [1.6]}");
  const Config flat = config_of("features: {texture: [], color: [0.7], edge: [1.6], dimensions: 2d}");
  EXPECT_THAT(
      refusal([&] { check_model_is_meant(flat, model); }),
      HasSubstr(
          "my.model.h5: was trained on other channels, with other values of features.dimensions; expected"));
  const Config old = config_of("features: {structure_tensor: ilastik-1.2}");
  EXPECT_THAT(refusal([&] { check_model_is_meant(old, trained_on("{}")); }),
              HasSubstr("other values of features.structure_tensor;"));
}

TEST(CheckModelIsMeant, OtherClassesAreRefused) {
  EXPECT_THAT(refusal([] { check_model_is_meant(config_of("classes: [synapse, rest]"), trained_on("{}")); }),
              StartsWith("run.yaml:2: classes: are synapse, rest; expected those of the model: membrane"));
}

constexpr auto in_nm = "{texture: [16], color: [16], edge: [], sigma_unit: nm}";

TEST(FeaturesAsTrained, VoxelSizesThatFilterTheSameAxesAreServed) {
  const auto model = trained_on(in_nm, VoxelSize{50, 4, 4});
  const auto features = features_as_trained(config_of(""), model, VoxelSize{45, 5, 5});
  EXPECT_EQ(features, FeatureSet(model.features, VoxelSize{45, 5, 5}));
}

/// 16 nm are 0.32 voxels of 50 nm and filter z; of 60 nm they are 0.27 and do not.
TEST(FeaturesAsTrained, AVoxelSizeThatFiltersOtherAxesIsRefusedWithBothSizes) {
  for (const auto* features : {in_nm, "{texture: [], color: [16], edge: [], sigma_unit: nm}"}) {
    const auto model = trained_on(features, VoxelSize{50, 4, 4});
    EXPECT_THAT(
        refusal([&] {
          features_as_trained(config_of(""), model, VoxelSize{60, 4, 4});
        }),
        HasSubstr("my.model.h5: its scale 16nm filters other axes at the volume's 60 x 4 x 4 nm (z, y, "
                  "x) than at the 50 x 4 x 4 nm"))
        << features;
  }
}

TEST(FeaturesAsTrained, SigmasInVoxelsServeEveryVoxelSize) {
  const auto model = trained_on("{}", VoxelSize{50, 4, 4});
  EXPECT_EQ(features_as_trained(config_of(""), model, std::nullopt),
            FeatureSet(model.features, std::nullopt));
}

TEST(FeaturesAsTrained, SigmasInNanometresNeedAVoxelSize) {
  EXPECT_THAT(refusal([] {
                features_as_trained(config_of(""), trained_on(in_nm, VoxelSize{50, 4, 4}), std::nullopt);
              }),
              HasSubstr("voxel size"));
}

TEST(UnlikeTraining, TypeAndVoxelSizeAreCompared) {
  Model model = trained_on("{}", VoxelSize{45, 5, 5});
  model.grey = {"uint8", {10, 240}};
  EXPECT_THAT(unlike_training(model, ElementType::uint8, VoxelSize{45, 5, 5}), IsEmpty());
  EXPECT_THAT(unlike_training(model, ElementType::uint8, VoxelSize{50, 4.6, 4.6}), IsEmpty());
  EXPECT_THAT(unlike_training(model, ElementType::uint8, std::nullopt), IsEmpty());
  EXPECT_THAT(unlike_training(model, ElementType::uint16, VoxelSize{8, 8, 8}),
              ElementsAre("holds uint16 values, but the model was trained on uint8",
                          "has voxels of 8 x 8 x 8 nm (z, y, x), but the model was trained at 45 x 5 x 5 nm "
                          "(z, y, x)"));
}

TEST(UnlikeTraining, ValuesAreThatNoLabelledVoxelHadAnythingLike) {
  Model model;
  model.grey = {"uint8", {10, 240}};
  EXPECT_THAT(unlike_training(model, {0, 20}), IsEmpty());
  EXPECT_THAT(unlike_training(model, {0, 1}),
              ElementsAre("has grey values from 0 to 1, but the model was trained on 10 to 240"));
  EXPECT_THAT(unlike_training(model, ValueRange{}), IsEmpty());
}

TEST(UnlikeTraining, NothingIsKnownOfAProjectsGreyValues) {
  EXPECT_THAT(unlike_training(Model{}, ElementType::uint16, std::nullopt), IsEmpty());
  EXPECT_THAT(unlike_training(Model{}, {0, 20}), IsEmpty());
}

}  // namespace
}  // namespace cleft
