#include "ilastik/export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ilastik/project.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::SmallProject;
using test::write_small_project;
using testing::HasSubstr;
namespace fs = std::filesystem;

class ExportToProject : public testing::Test {
 protected:
  /// The first stage of a project as a model.
  static Model model_of(const fs::path& project) {
    return model_of_stage(read_ilastik_project(project), 0, FilterDialect::ilastik, std::nullopt);
  }
  void expect_refused(const Model& model, const std::string& message) const {
    EXPECT_THAT([&] { export_model_to_project(model, project_, copy_); },
                testing::ThrowsMessage<InputError>(HasSubstr(message)));
    EXPECT_FALSE(fs::exists(copy_));
    EXPECT_FALSE(fs::exists(part_)) << "left over";
  }

  test::TempDirectory directory_;
  fs::path project_ = directory_ / "my.ilp", copy_ = directory_ / "copy.ilp",
           part_ = directory_ / "copy.ilp.0123456789abcdef.part";
};

TEST_F(ExportToProject, KeepsTheOrderOfTheModelsFeatures) {
  SmallProject p;
  p.ids = {"LaplacianOfGaussian", "GaussianSmoothing"};
  p.in_2d = {1, 0, 0};
  write_small_project(project_, p);
  const Model model = model_of(project_);
  export_model_to_project(model, project_, copy_);
  EXPECT_EQ(model_of(copy_).features, model.features);

  p.scales = {1.6, 0.7, 0.45};
  p.matrix = {1, 0, 1, 0, 0, 0};
  write_small_project(project_, p);
  const Model descending = model_of(project_);
  export_model_to_project(descending, project_, copy_);
  EXPECT_EQ(model_of(copy_).features, descending.features);
}

TEST_F(ExportToProject, RefusesFeaturesThatNoProjectHolds) {
  write_small_project(project_, {});
  Model model = model_of(project_);
  auto& features = model.features;
  features.scales = {{1.6, Dimensions::two}, {1.6, Dimensions::three}};
  features.features = {{FeatureKind::gaussian_smoothing, 0}, {FeatureKind::laplacian_of_gaussian, 1}};
  expect_refused(model, "either in 2D or in 3D");

  SmallProject p;
  p.matrix = {1, 1, 0, 1, 1, 0};
  write_small_project(project_, p, [](h5::File& file) {
    for (const auto* name : {"_ext_param/column_count_"})
      file.remove(std::string("PixelClassification/ClassifierForests/Forest0000/") + name);
    file.write("PixelClassification/ClassifierForests/Forest0000/_ext_param/column_count_",
               std::vector<double>{4});
    for (const std::string tree : {"Tree_0", "Tree_1"}) {
      const std::string path = "PixelClassification/ClassifierForests/Forest0000/" + tree + "/topology";
      auto topology = file.dataset(path).read<std::int32_t>();
      topology[0] = 4;
      file.dataset(path).write(topology);
    }
  });
  model = model_of(project_);
  std::swap(model.features.features[1], model.features.features[2]);  // by scale, then by filter
  expect_refused(model, "all of a filter together");
}

TEST_F(ExportToProject, CopiesAProjectThatMayNotBeWrittenTo) {
  write_small_project(project_, {});
  const Model model = model_of(project_);
  fs::permissions(project_, fs::perms::owner_read);
  test::write_bytes(part_, "left over");
  fs::permissions(part_, fs::perms::owner_read);
  export_model_to_project(model, project_, copy_);
  EXPECT_EQ(model_of(copy_).forest.threshold, model.forest.threshold);
  EXPECT_NE(fs::status(copy_).permissions() & fs::perms::owner_write, fs::perms::none);
  EXPECT_FALSE(fs::exists(part_));
}

}  // namespace
}  // namespace cleft
