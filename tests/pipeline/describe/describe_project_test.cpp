#include "pipeline/describe/describe_project.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

TEST(DescribeProject, ShowsClassesFeaturesForestsAndImages) {
  const test::TempDirectory directory;
  test::SmallProject project;
  project.in_2d = {0, 1, 0};
  test::write_small_project(directory / "my.ilp", project, [](h5::File& file) {
    auto block = file.write("PixelClassification/LabelSets/labels000/block0000",
                            std::vector<std::uint8_t>{2, 0, 2}, {1, 1, 3, 1});
    block.set_attribute("blockSlice", std::string("[2:3,5:6,7:10,0:1]"));
  });
  EXPECT_EQ(describe_project(directory / "my.ilp"),
            (directory / "my.ilp").string() +
                "\n"
                "  ilastik      1.4.0\n"
                "  workflow     Pixel Classification\n"
                "  classes      membrane  #ffe119  0 labelled voxels\n"
                "               synapse  #0082c8  2 labelled voxels\n"
                "  features                          0.3   0.7   1.6\n"
                "    GaussianSmoothing                 x     .     .\n"
                "    LaplacianOfGaussian               .     .     x\n"
                "    computed in                      3D    2D    3D\n"
                "  forests      1 with 2 trees, 2 nodes and 4 leaves in all, on 2 columns\n"
                "  image        images\\raw.h5/raw\n"
                "    axes       zyxc\n");
}

TEST(DescribeProject, SaysWhichLabelsCannotBeUsedAndTellsTheRest) {
  const test::TempDirectory directory;
  test::SmallProject project;
  project.axes = "tzyxc";
  test::write_small_project(directory / "my.ilp", project, [](h5::File& file) {
    for (const auto& [name, place] :
         {std::pair{"block0000", "[2:3,2:3,5:6,7:10,0:1]"}, {"block0001", "[0:1,2:3,5:6,7:10,0:1]"}}) {
      auto block = file.write(std::string("PixelClassification/LabelSets/labels000/") + name,
                              std::vector<std::uint8_t>{2, 0, 2}, {1, 1, 1, 3, 1});
      block.set_attribute("blockSlice", place);
    }
  });
  const std::string text = describe_project(directory / "my.ilp");
  EXPECT_THAT(text, HasSubstr("synapse  #0082c8  2 labelled voxels\n"));
  EXPECT_THAT(text,
              ContainsRegex("  labels       cannot be used for training: .*block0000: lies at 2:3 along t;"));
  EXPECT_THAT(text, HasSubstr("  forests      1 with 2 trees"));
}

TEST(DescribeProject, SaysWhenAProjectWasNeverTrainedAndWhatItDoesNotSay) {
  const test::TempDirectory directory;
  test::SmallProject project;
  project.trained = false;
  project.in_2d = {};
  test::write_small_project(directory / "my.ilp", project);
  const std::string text = describe_project(directory / "my.ilp");
  EXPECT_THAT(text, ContainsRegex("forests      none: .*my.ilp: holds no trained classifier; expected"));
  EXPECT_THAT(text, HasSubstr("computed in                       ?     ?     ?\n"));
}

TEST(DescribeProject, ShowsWhatThereIsWhenFeaturesForestOrImageCannotBeUsed) {
  const test::TempDirectory directory;
  const auto described = [&](const std::function<void(h5::File&)>& change) {
    test::write_small_project(directory / "my.ilp", {}, change);
    return describe_project(directory / "my.ilp");
  };
  EXPECT_THAT(described([](h5::File& file) {
                file.write_text("PixelClassification/ClassifierForests/pickled_type",
                                "clazyflow.classifiers\nSklearnLazyflowClassifier\np1\n.");
              }),
              ContainsRegex("forests      none: .*type 'SklearnLazyflowClassifier'"));
  EXPECT_THAT(described([](h5::File& file) { file.remove("FeatureSelections/SelectionMatrix"); }),
              ContainsRegex("features     none: .*selects no features"));
  EXPECT_THAT(described([](h5::File& file) {
                file.remove("Input Data/infos/lane0000/Raw Data");
                file.create_group("Input Data/infos/lane0000/Raw Data");
              }),
              HasSubstr("  image        none\n"));
  EXPECT_THAT(described([](h5::File& file) {
                file.write_text("Input Data/infos/lane0000/Raw Data/location", "ProjectInternal");
              }),
              HasSubstr("  image        images\\raw.h5/raw inside the project\n"));
}

TEST(DescribeProject, ShowsClassesAndLabelsOfBothStagesOfAutocontext) {
  const test::TempDirectory directory;
  test::SmallProject project;
  project.workflow = "Autocontext (2-stage)";
  test::write_small_project(directory / "my.ilp", project, [](h5::File& file) {
    auto block = file.write("PixelClassification01/LabelSets/labels000/block0000",
                            std::vector<std::uint8_t>{2, 0, 2}, {1, 1, 3, 1});
    block.set_attribute("blockSlice", std::string("[2:3,5:6,7:10,0:1]"));
  });
  const std::string text = describe_project(directory / "my.ilp");
  EXPECT_THAT(text, HasSubstr("  stage 1\n"
                              "  classes      membrane  #ffe119  0 labelled voxels\n"
                              "               synapse  #0082c8  0 labelled voxels\n"));
  EXPECT_THAT(text, HasSubstr("  stage 2\n"
                              "  classes      membrane  #ffe119  0 labelled voxels\n"
                              "               synapse  #0082c8  2 labelled voxels\n"));
}

}  // namespace
}  // namespace cleft
