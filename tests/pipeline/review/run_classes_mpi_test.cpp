#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forest/files/model_file.hpp"
#include "pipeline/review/reviewed_run.hpp"
#include "pipeline/review/run_classes.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;

/// Runs of a model with classes of other names, whose configuration leaves them to the model.
class RunClasses : public test::ReviewedRun {
 protected:
  static void write_renamed(const std::vector<std::string>& classes) {
    const auto comm = Communicator::world();
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      Model model = read_model(path("synapse.model.h5"));
      model.classes = classes;
      write_model(path("renamed.model.h5"), model);
      test::write_bytes(path("renamed.yaml"),
                        "volume: {path: phantom.h5, dataset: /raw}\n"
                        "model: renamed.model.h5\n"
                        "threshold: {sigma: [0.5, 1, 1], core_ratio: 1, reference_ratio: 0.3}\n"
                        "filter: {min_size: 3, candidates: 4}\n"
                        "run: {directory: results, memory_per_rank: 512MiB}\n");
    });
  }
  static FinishedRun detected(const std::string& name, const std::string& classes) {
    run_detect(
        Communicator::world(),
        load_config(path("renamed.yaml"), std::vector<std::string>{"run.directory=" + path(name).string(),
                                                                   "predict.classes=" + classes}),
        {});
    return finished(name);
  }
};

TEST_F(RunClasses, are_those_of_the_model_where_the_configuration_gives_none) {
  const auto world = Communicator::world();
  EXPECT_THAT(classes_of_run(world, finished("results")), ElementsAre("membrane", "synapse", "rest"));
  write_renamed({"tissue", "synapse", "glia"});
  EXPECT_THAT(classes_of_run(world, detected("stored", "all")), ElementsAre("tissue", "synapse", "glia"));
  const FinishedRun of_model = detected("of_model", "foreground");
  EXPECT_THAT(classes_of_run(world, of_model), ElementsAre("tissue", "synapse", "glia"));

  // Labels have them, and may be of them.
  write_decided(of_model, "renamed.json", {{1, "accept"}, {2, "reject"}}, {});
  auto labels = options("of_model", "renamed.json");
  EXPECT_THROW(run_review(world, labels), CollectiveError) << "none of them is called rest";
  labels.labels->rejected_class = "glia";
  run_review(world, labels);
  if (world.is_root()) {
    const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
    EXPECT_THAT(reader.source().texts("classes"), ElementsAre("tissue", "synapse", "glia"));
  }

  write_renamed({"glia", "synapse", "tissue"});
  EXPECT_THROW(classes_of_run(world, of_model), CollectiveError) << "another model by now";
  EXPECT_THAT(classes_of_run(world, finished("stored")), ElementsAre("tissue", "synapse", "glia"));
  all_or_throw(world, [&] {
    if (world.is_root()) std::filesystem::remove(path("renamed.model.h5"));
  });
  EXPECT_THROW(classes_of_run(world, of_model), CollectiveError) << "no model any more";
}

}  // namespace
}  // namespace cleft
