#include "ilastik/project.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::SmallProject;
using test::write_small_project;
using testing::ElementsAre;
using testing::HasSubstr;

class IlastikProjectFile : public testing::Test {
 protected:
  void expect_refused(const std::string& message) const {
    EXPECT_THAT([&] { read_ilastik_project(path_); }, testing::ThrowsMessage<InputError>(HasSubstr(message)));
  }
  void expect_no_model(const std::string& message) const {
    EXPECT_THAT([&] { model(); }, testing::ThrowsMessage<InputError>(HasSubstr(message)));
  }
  Model model(const std::optional<Extent>& volume = std::nullopt) const {
    return model_of_stage(read_ilastik_project(path_), 0, FilterDialect::ilastik, volume);
  }

  test::TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "my.ilp";
};

TEST_F(IlastikProjectFile, IsReadAsItStands) {
  write_small_project(path_, {});
  EXPECT_TRUE(is_ilastik_project(path_));
  const IlastikProject project = read_ilastik_project(path_);
  EXPECT_EQ(project.version, "1.4.0");
  ASSERT_EQ(project.stages.size(), 1U);
  const IlastikStage& stage = project.stages[0];
  EXPECT_THAT(stage.features.scales, ElementsAre(0.3, 0.7, 1.6));
  EXPECT_TRUE(stage.features.is_selected(1, 2));
  EXPECT_FALSE(stage.features.is_selected(1, 1));
  ASSERT_EQ(stage.classes.size(), 2U);
  EXPECT_EQ(stage.classes[1].name, "synapse");
  EXPECT_THAT(stage.classes[1].color, ElementsAre(0, 130, 200));
  ASSERT_EQ(project.images.size(), 1U);
  EXPECT_EQ(project.images[0].axes, "zyxc");
  EXPECT_EQ(project.images[0].file_path, "images\\raw.h5/raw");
}

TEST_F(IlastikProjectFile, BecomesAModelWithItsFeaturesInIlastiksOrder) {
  SmallProject p;
  p.in_2d = {0, 0, 1};
  write_small_project(path_, p);
  const Model m = model();
  EXPECT_THAT(m.classes, ElementsAre("membrane", "synapse"));
  ASSERT_EQ(m.features.features.size(), 2U);
  EXPECT_EQ(m.features.features[0].kind, FeatureKind::gaussian_smoothing);
  EXPECT_EQ(m.features.scales[m.features.features[0].scale].sigma, 0.3);
  EXPECT_EQ(m.features.scales[m.features.features[1].scale].sigma, 1.6);
  EXPECT_EQ(m.features.scales[m.features.features[1].scale].dimensions, Dimensions::two);
  EXPECT_EQ(m.features.scales[m.features.features[0].scale].dimensions, Dimensions::three);
  EXPECT_EQ(m.features.image_channels, 1);
}

TEST_F(IlastikProjectFile, SaysByItsForestHowManyImageChannelsThereAre) {
  SmallProject p;
  p.matrix = {1, 0, 0, 0, 0, 0};  // one channel for each image channel; the forest has two columns
  write_small_project(path_, p);
  EXPECT_EQ(model().features.image_channels, 2);
}

TEST_F(IlastikProjectFile, WithoutWordOfDimensionsIs3dUnlessVolumeOrForestSayOtherwise) {
  SmallProject p;
  p.in_2d = {};
  write_small_project(path_, p);
  EXPECT_EQ(model().features.scales[0].dimensions, Dimensions::three);
  EXPECT_EQ(model(Extent{1, 50, 50}).features.scales[0].dimensions, Dimensions::two);
  p.ids = {"HessianOfGaussianEigenvalues", "LaplacianOfGaussian"};
  p.matrix = {1, 0, 0, 0, 0, 0};  // two eigenvalues in 2D, three in 3D; the forest has two columns
  write_small_project(path_, p);
  EXPECT_EQ(model().features.scales[0].dimensions, Dimensions::two);
}

TEST_F(IlastikProjectFile, OfAutocontextHasTwoStages) {
  SmallProject p;
  p.workflow = "Autocontext (2-stage)";
  write_small_project(path_, p);
  EXPECT_EQ(read_ilastik_project(path_).stages.size(), 2U);
}

TEST_F(IlastikProjectFile, NamesItsWorkflowAsStoredOrByItsClass) {
  SmallProject p;
  for (const auto& [name, workflow] :
       {std::pair{"AutocontextTwoStage", IlastikWorkflow::autocontext},
        {"PixelClassificationWorkflow", IlastikWorkflow::pixel_classification}}) {
    p.workflow = name;
    write_small_project(path_, p);
    const IlastikProject project = read_ilastik_project(path_);
    EXPECT_EQ(project.workflow, workflow);
    EXPECT_EQ(project.stages.size(), workflow == IlastikWorkflow::autocontext ? 2U : 1U);
  }
}

TEST_F(IlastikProjectFile, ThatWasNeverTrainedIsReadButMakesNoModel) {
  SmallProject p;
  p.trained = false;
  write_small_project(path_, p);
  EXPECT_THAT([&] { model(); }, testing::ThrowsMessage<InputError>(HasSubstr("holds no trained classifier")));
}

TEST_F(IlastikProjectFile, ThatCannotBeRunSaysWhy) {
  SmallProject p;
  for (const char* name : {"AutocontextThreeStage", "Autocontext (3-stage)"}) {
    p.workflow = name;
    write_small_project(path_, p);
    expect_refused("ilastik's workflow '" + std::string(name) + "'; expected Pixel Classification");
  }
  p.workflow = "Object Classification";
  write_small_project(path_, p);
  expect_refused("ilastik's workflow 'Object Classification'; expected Pixel Classification");
  write_small_project(path_, {}, [](h5::File& file) { file.remove("workflowName"); });
  expect_refused("is no project of ilastik");
}

TEST_F(IlastikProjectFile, WithoutUsableFeaturesOrForestIsReadButMakesNoModel) {
  write_small_project(path_, {}, [](h5::File& file) {
    file.write_text(
        "PixelClassification/ClassifierForests/pickled_type",
        "clazyflow.classifiers.sklearnLazyflowClassifier\nSklearnLazyflowClassifierFactory\np1\n.");
  });
  expect_no_model("type 'SklearnLazyflowClassifierFactory'");
  const IlastikProject project = read_ilastik_project(path_);
  EXPECT_FALSE(project.stages[0].forest);
  EXPECT_EQ(selection_of_stage(project, 0, FilterDialect::ilastik, std::nullopt).features.size(), 2U);

  write_small_project(path_, {}, [](h5::File& file) { file.remove("FeatureSelections/SelectionMatrix"); });
  expect_no_model("selects no features");
  EXPECT_EQ(read_ilastik_project(path_).stages[0].classes.size(), 2U);
  SmallProject p;
  p.ids[1] = "CannyEdges";
  write_small_project(path_, p);
  expect_no_model(
      "names the feature 'CannyEdges'; expected one of GaussianSmoothing, LaplacianOfGaussian, "
      "GaussianGradientMagnitude, DifferenceOfGaussians, StructureTensorEigenvalues, "
      "HessianOfGaussianEigenvalues");
  p.ids[1] = p.ids[0];
  write_small_project(path_, p);
  expect_no_model("names GaussianSmoothing twice; expected each feature once");
}

TEST_F(IlastikProjectFile, WhoseTextsAreNotUtf8IsRefused) {
  SmallProject p;
  // Latin-1; stray and missing bytes; longer forms than needed; a surrogate; beyond U+10FFFF.
  for (const auto* bytes : {"M\xFCll", "\x80", "\xC3", "\xE2\x82", "\xE2(\xAC", "\xC0\x80", "\xC1\xBF",
                            "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80"}) {
    p.labels[1] = bytes;
    write_small_project(path_, p);
    expect_refused(
        "/PixelClassification/LabelNames: holds bytes that are no text (entry 2); expected text in UTF-8");
  }
  for (const auto* text : {"M\xC3\xBCll", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    p.labels[1] = text;
    write_small_project(path_, p);
    EXPECT_EQ(model().classes[1], p.labels[1]);
  }
}

TEST_F(IlastikProjectFile, OfSingleSectionsIs2dWithoutWordOfDimensionsOrVolume) {
  SmallProject p;
  p.in_2d = {};
  const auto with_shape = [&](const std::vector<std::int64_t>& shape) {
    write_small_project(
        path_, p, [&](h5::File& file) { file.write("Input Data/infos/lane0000/Raw Data/shape", shape); });
    return model().features.scales[0].dimensions;
  };
  EXPECT_EQ(with_shape({1, 50, 50, 1}), Dimensions::two);
  EXPECT_EQ(with_shape({8, 50, 50, 1}), Dimensions::three);
  EXPECT_EQ(with_shape({1, 50, 50}), Dimensions::three) << "no shape of these axes";
  p.axes = "yxc";
  EXPECT_EQ(with_shape({50, 50, 1}), Dimensions::two);
  EXPECT_EQ(model(Extent{8, 50, 50}).features.scales[0].dimensions, Dimensions::three);
}

TEST_F(IlastikProjectFile, WhoseTablesDoNotFitIsRefused) {
  SmallProject p;
  p.in_2d = {0, 1};
  write_small_project(path_, p);
  expect_no_model("has 2 entries; expected 3");
  p = {};
  write_small_project(path_, p, [](h5::File& file) {
    file.remove("FeatureSelections/SelectionMatrix");
    file.write("FeatureSelections/SelectionMatrix", std::vector<std::uint8_t>{1, 0, 1, 0}, {2, 2});
  });
  expect_no_model("is 2 x 2; expected features x scales, 2 x 3");
  p.matrix = {1, 1, 1, 0, 0, 0};
  write_small_project(path_, p);
  EXPECT_THAT([&] { model(); },
              testing::ThrowsMessage<InputError>(HasSubstr("a multiple of the 3 channels")));
  p.matrix = {0, 0, 0, 0, 0, 0};
  write_small_project(path_, p);
  EXPECT_THAT([&] { model(); }, testing::ThrowsMessage<InputError>(HasSubstr("selects no features")));
  p = {};
  p.scales[0] = -0.3;
  write_small_project(path_, p);
  EXPECT_THAT([&] { model(); }, testing::ThrowsMessage<InputError>(HasSubstr("is not a width")));
}

}  // namespace
}  // namespace cleft
