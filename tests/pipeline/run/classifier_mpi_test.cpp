#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "forest/files/model_file.hpp"
#include "forest/narrowed_forest.hpp"
#include "forest/train/train.hpp"
#include "ilastik/small_project.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/shared_classifier.hpp"
#include "support/synthetic_samples.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class LoadClassifier : public testing::Test {
 protected:
  LoadClassifier() { write(test::SmallProject{}); }

  void write(const test::SmallProject& project) {
    world_.barrier();
    if (world_.is_root()) test::write_small_project(project_, project);
    world_.barrier();
  }

  Classifier load(const std::string& more = "") const {
    const Config config =
        parse_config("model: " + project_.string() + "\n" + more, (directory_ / "run.yaml").string(), {});
    return load_classifier(world_, config, volume_);
  }

  void expect_refused(const std::string& more, const std::string& message) const {
    EXPECT_THAT([&] { load(more); }, ThrowsMessage<CollectiveError>(HasSubstr(message)));
  }

  Communicator world_ = Communicator::world();
  const test::TempDirectory directory_{world_};
  const std::filesystem::path project_ = directory_ / "my.ilp";
  const VolumeFacts volume_{{directory_ / "raw.h5", "/raw"}, {14, 40, 44}, {}};
};

TEST_F(LoadClassifier, OfAProjectIsTheSameOnEveryRank) {
  const Classifier classifier = load();
  ASSERT_EQ(classifier.models.size(), 1U);
  ASSERT_EQ(classifier.features.size(), 1U);
  EXPECT_EQ(classifier.classes(), (std::vector<std::string>{"membrane", "synapse"}));
  EXPECT_EQ(classifier.features.front()->channel_count(), classifier.models.front()->forest.channel_count);
  EXPECT_EQ(classifier.stages().front().forest.get(), &classifier.models.front()->forest);
  EXPECT_EQ(world_.broadcast(classifier.fingerprint()), classifier.fingerprint());
}

TEST_F(LoadClassifier, WithoutOtherRanksIsTheSame) {
  const Config config = parse_config("model: " + project_.string(), (directory_ / "run.yaml").string(), {});
  EXPECT_EQ(load_classifier(config, volume_).fingerprint(), load().fingerprint());
  EXPECT_EQ(*load_classifier(config, volume_).models.front(), *load().models.front());
}

/// 400 samples of three classes, of which one is looked for.
Model model_of_three_classes(const FeatureSelection& features) {
  const Samples samples = test::synthetic_samples(400, FeatureSet(features, std::nullopt).channel_count(), 1);
  const TrainedTrees trained = train_trees(samples, {.trees = 3}, 0, 3, 1);
  Model model;
  model.forest = trained.forest;
  model.summary = summarise(samples, trained.out_of_bag);
  model.classes = {"membrane", "synapse", "rest"};
  model.features = features;
  return model;
}

TEST_F(LoadClassifier, IsNarrowedToTheForegroundWhereThatAloneIsStored) {
  const auto path = directory_ / "three.model.h5";
  const Model whole = model_of_three_classes(
      feature_selection({.texture = {}, .color = {0.7, 1.6}, .edge = {1.6}, .dimensions_of_scale = {}}));
  all_or_throw(world_, [&] {
    if (world_.is_root()) write_model(path, whole);
  });
  const auto loaded = [&](const std::string& more) {
    return load_classifier(
        world_, parse_config("model: " + path.string() + "\n" + more, (directory_ / "run.yaml").string(), {}),
        volume_);
  };
  const Classifier all = loaded("predict: {classes: all}\n");
  EXPECT_EQ(all.models.front()->forest, whole.forest);
  for (const std::size_t c : {0U, 1U, 2U}) {
    const Classifier one = loaded("threshold: {foreground: " + whole.classes[c] + "}\n");
    const Model& model = *one.models.front();
    EXPECT_EQ(model.forest, narrowed_to(whole.forest, std::vector<std::size_t>{c}));
    EXPECT_LT(model.forest.node_count(), whole.forest.node_count());
    EXPECT_EQ(model.classes, whole.classes);
    EXPECT_EQ(one.fingerprint(), all.fingerprint());
  }
  EXPECT_EQ(loaded("threshold: {foreground: vesicle}\n").models.front()->forest, whole.forest)
      << "refused where it is used";
}

/// The second stage sees all classes of the first.
TEST_F(LoadClassifier, OfAutocontextHasAWholeFirstStage) {
  test::SmallProject project;
  project.workflow = "Autocontext (2-stage)";
  project.columns_of_second = 6;  // of the image and of two classes
  write(project);
  const Classifier all = load("predict: {classes: all}\n"), one = load();
  ASSERT_EQ(one.models.size(), 2U);
  EXPECT_EQ(one.models[0]->forest, all.models[0]->forest);
  EXPECT_EQ(one.models[1]->forest, narrowed_to(all.models[1]->forest, std::vector<std::size_t>{1}));
  EXPECT_EQ(one.fingerprint(), all.fingerprint());
}

TEST_F(LoadClassifier, ItsStagesKeepWhatTheyNeed) {
  std::weak_ptr<const Model> model;
  std::vector<ClassifierStage> stages;
  {
    const Classifier classifier = load();
    stages = classifier.stages();
    model = classifier.models.front();
  }
  EXPECT_FALSE(model.expired());
  EXPECT_EQ(stages.front().features->channel_count(), stages.front().forest->channel_count);
  stages.clear();
  EXPECT_TRUE(model.expired());
}

TEST_F(LoadClassifier, OfAProjectHasTheDialectThatTheConfigurationSays) {
  EXPECT_EQ(load().features.front()->dialect(), FilterDialect::ilastik);
  const Classifier old = load("features: {structure_tensor: ilastik-1.2}\n");
  EXPECT_EQ(old.features.front()->dialect(), FilterDialect::ilastik_1_2);
  EXPECT_NE(old.fingerprint(), load().fingerprint());
}

TEST_F(LoadClassifier, OfAProjectTakesNoOtherFeatures) {
  expect_refused("features: {color: [0.7]}\n", "is stated beside an ilastik project");
}

TEST_F(LoadClassifier, OfAProjectMeansItsClasses) {
  EXPECT_NO_THROW(load("classes: [membrane, synapse]\n"));
  expect_refused("classes: [membrane, cleft]\n", "my.ilp: membrane, synapse");
}

TEST_F(LoadClassifier, NamesWhatIsNeitherModelNorProject) {
  if (world_.is_root()) test::write_bytes(project_, "neither");
  world_.barrier();
  expect_refused("", "is neither a model of cleft nor a whole project of ilastik");
}

TEST_F(LoadClassifier, OfAProjectNeverTrainedSaysSo) {
  test::SmallProject project;
  project.trained = false;
  write(project);
  expect_refused("", "holds no trained classifier");
}

TEST_F(LoadClassifier, TellsClassifiersApartByTheirContent) {
  const std::string before = load().fingerprint();
  test::SmallProject project;
  project.matrix = {0, 1, 0, 0, 0, 1};
  write(project);
  EXPECT_NE(load().fingerprint(), before);
}

}  // namespace
}  // namespace cleft
