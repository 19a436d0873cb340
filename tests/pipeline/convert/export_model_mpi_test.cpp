#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forest/files/model_file.hpp"
#include "ilastik/project.hpp"
#include "ilastik/small_project.hpp"
#include "parallel/agree.hpp"
#include "pipeline/convert/export_model.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class ExportModel : public testing::Test {
 protected:
  ExportModel() {
    if (world_.is_root()) test::write_small_project(project_, {});
    world_.barrier();
  }
  void expect_refused(const ExportModelJob& job, const std::string& message) const {
    EXPECT_THAT([&] { run_export_model(world_, job); }, ThrowsMessage<CollectiveError>(HasSubstr(message)));
  }

  Communicator world_ = Communicator::world();
  const test::TempDirectory directory_{world_};
  const std::filesystem::path project_ = directory_ / "my.ilp", model_ = directory_ / "my.model.h5",
                              copy_ = directory_ / "copy.ilp";
};

TEST_F(ExportModel, ThereAndBackKeepsForestAndFeatures) {
  run_export_model(world_, {.from = project_, .to = model_, .project = {}});
  world_.barrier();
  const Model model = read_model(model_);
  EXPECT_FALSE(model.grey.known());
  run_export_model(world_, {.from = model_, .to = copy_, .project = project_});
  world_.barrier();
  const Model back = model_of_stage(read_ilastik_project(copy_), 0, FilterDialect::ilastik, std::nullopt);
  EXPECT_EQ(back.features, model.features);
  EXPECT_EQ(back.classes, model.classes);
  EXPECT_EQ(back.forest.threshold, model.forest.threshold);
  EXPECT_EQ(back.forest.channel, model.forest.channel);
  EXPECT_EQ(back.forest.leaf_fractions, model.forest.leaf_fractions);
}

TEST_F(ExportModel, ReplacesNothingUnasked) {
  run_export_model(world_, {.from = project_, .to = model_, .project = {}});
  expect_refused({.from = project_, .to = model_, .project = {}},
                 "is there already; expected a new name, or --force");
  run_export_model(world_, {.from = project_, .to = model_, .project = {}, .force = true});
}

TEST_F(ExportModel, NeverReplacesWhatItReadsNorAFileOfAnotherKind) {
  const std::string original = test::file_bytes(project_);
  expect_refused({.from = project_, .to = project_, .project = {}, .force = true}, "is what is read itself");
  run_export_model(world_, {.from = project_, .to = model_, .project = {}});
  world_.barrier();
  expect_refused({.from = model_, .to = model_, .project = project_, .force = true},
                 "is what is read itself");
  expect_refused({.from = model_, .to = project_, .project = project_, .force = true},
                 "is what is read itself");
  run_export_model(world_, {.from = model_, .to = copy_, .project = project_});
  expect_refused({.from = project_, .to = copy_, .project = {}, .force = true}, "is no model");
  const auto notes = directory_ / "notes.txt";
  if (world_.is_root()) test::write_bytes(notes, "mine");
  world_.barrier();
  expect_refused({.from = project_, .to = notes, .project = {}, .force = true}, "is no model");
  expect_refused({.from = model_, .to = notes, .project = project_, .force = true},
                 "is no project of ilastik");
  EXPECT_EQ(test::file_bytes(project_), original);
  EXPECT_EQ(test::file_bytes(notes), "mine");
  run_export_model(world_, {.from = model_, .to = copy_, .project = project_, .force = true});
}

TEST_F(ExportModel, WantsAProjectForAModelAndNoneForAProject) {
  expect_refused({.from = project_, .to = model_, .project = project_}, "is a project itself");
  run_export_model(world_, {.from = project_, .to = model_, .project = {}});
  expect_refused({.from = model_, .to = copy_, .project = {}}, "--project: not given");
}

}  // namespace
}  // namespace cleft
