#include "pipeline/train/train_report.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(TrainingReport, ShowsErrorConfusionAndImportantChannelsAligned) {
  Model model;
  model.forest.channel_count = 3;
  model.forest.class_count = 2;
  model.forest.roots = {~0, ~1};
  model.forest.leaf_fractions = {1, 0, 0, 1};
  model.classes = {"membrane", "rest"};
  model.features = {
      .scales = {{1.0, Dimensions::two}, {1.6, Dimensions::two}},
      .features = {{FeatureKind::gaussian_smoothing, 0}, {FeatureKind::structure_tensor_eigenvalues, 1}}};
  model.summary = {
      .label_counts = {1000, 40}, .confusion = {950, 49, 1, 38}, .importance = {0.01, 0.25, -0.001}};
  model.summary.never_out_of_bag = 2;
  model.summary.strokes = 50;
  model.summary.judged_by_stroke = 400;
  model.summary.wrong_by_stroke = 100;
  EXPECT_EQ(
      training_report(model),
      "2 trees with 0 nodes, trained on 1040 labelled voxels with 3 features\n"
      "out-of-bag error: 4.82 % of 1038 labelled voxels, by voxel\n"
      "                  25.00 % of 400 labelled voxels, by stroke (50 strokes; 640 voxels not judged, as of "
      "a class of one stroke)\n"
      "not judged: 2 voxels that every tree was trained on\n"
      "Wrong answers of trees that did not see the voxel, or nothing of its stroke. Neither says how well "
      "synapses\n"
      "are found, for which see 'cleft evaluate'.\n"
      "\n"
      "labelled as \\ predicted as    labels  membrane      rest    wrong\n"
      "membrane                        1000       950        49    4.9 %\n"
      "rest                              40         1        38    2.6 %\n"
      "\n"
      "most important features (drop in accuracy when the feature is shuffled)\n"
      "  25.00 %  StructureTensorEigenvalues sigma=1.6 [0]\n"
      "   1.00 %  GaussianSmoothing sigma=1\n"
      "  -0.10 %  StructureTensorEigenvalues sigma=1.6 [1]\n");
}

TEST(TrainingReport, LeavesOutWhatWasNeverMeasured) {
  Model model;
  model.forest.channel_count = 1;
  model.forest.class_count = 2;
  model.forest.roots = {~0};
  model.forest.leaf_fractions = {1, 0};
  model.classes = {"membrane", "rest"};
  model.features = {.scales = {{1.0, Dimensions::two}}, .features = {{FeatureKind::gaussian_smoothing, 0}}};
  model.summary = {.label_counts = {0, 0}, .confusion = {0, 0, 0, 0}, .importance = {0}};
  EXPECT_EQ(training_report(model),
            "1 tree with 0 nodes, trained on an unknown number of labelled voxels with 1 feature\n"
            "out-of-bag error: not known\n");
}

TEST(TrainingReport, SaysWhereStrokesCannotBeJudged) {
  Model model;
  model.forest.channel_count = 1;
  model.forest.class_count = 2;
  model.forest.roots = {~0};
  model.forest.leaf_fractions = {1, 0};
  model.classes = {"membrane", "rest"};
  model.features = {.scales = {{1.0, Dimensions::two}}, .features = {{FeatureKind::gaussian_smoothing, 0}}};
  model.summary = {.label_counts = {5, 5}, .confusion = {5, 0, 0, 5}, .importance = {0}};
  EXPECT_EQ(training_report(model).find("by stroke"), std::string::npos);
  model.summary.strokes = 2;
  EXPECT_NE(training_report(model).find("not known by stroke: no class has two strokes that lie apart"),
            std::string::npos);
}

TEST(TrainingReport, ShowsNoControlCharactersOfClassNames) {
  Model model;
  model.forest.channel_count = 1;
  model.forest.class_count = 2;
  model.forest.roots = {~0};
  model.forest.leaf_fractions = {1, 0};
  model.classes = {"a\x1b[2J", std::string(3000, 'b')};
  model.features = {.scales = {{1.0, Dimensions::two}}, .features = {{FeatureKind::gaussian_smoothing, 0}}};
  model.summary = {.label_counts = {1, 1}, .confusion = {1, 0, 0, 1}, .importance = {0}};
  const std::string text = training_report(model);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_LT(text.size(), 3000U);
}

}  // namespace
}  // namespace cleft
