#include "pipeline/detect/detect_jobs.hpp"

#include <functional>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DetectJobs : public testing::Test {
 protected:
  DetectJobs() {
    h5::write_file(directory / "raw.h5", [](h5::File& file) {
      auto raw = file.write("raw", std::vector<std::uint8_t>(24), {2, 3, 4});
      write_axes(raw, VoxelSize{40, 5, 5});
      for (const auto* mask : {"m", "n"}) file.write(mask, std::vector<std::uint16_t>(24, 300), {2, 3, 4});
    });
    Model model;
    model.classes = {"rest", "synapse", "membrane"};
    model.features = feature_selection(FeatureOptions{});
    model.checksum = 0xabcdef;
    classifier.features.push_back(std::make_shared<const FeatureSet>(model.features, std::nullopt));
    classifier.models.push_back(std::make_shared<const Model>(std::move(model)));
  }

  Config config(const std::string& text = "", const std::string& dataset = "/raw") const {
    return parse_config("volume: {path: " + (directory / "raw.h5").string() + ", dataset: " + dataset +
                            "}\nmodel: my.model.h5\nrun: {directory: results}\n" + text,
                        (directory / "run.yaml").string(), {});
  }

  PredictJob predict_job_of(const Config& config) {
    const auto mask = mask_of_config(config, look_at_volume(config));
    InputIdentities inputs{identify_input(volume_path(config)), std::nullopt};
    if (mask) inputs.mask = InputIdentity{.fingerprint = {{"content", "of the mask"}}, .state = ""};
    return predict_job(config, look_at_volume(config), classifier, mask, inputs);
  }

  static std::string message_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  }

  const test::TempDirectory directory;
  Classifier classifier;
};

TEST_F(DetectJobs, PredictStoresTheForegroundAloneOrAllClasses) {
  EXPECT_THAT(predict_job_of(config()).stored_classes, ElementsAre(1));
  const auto all = predict_job_of(config("predict: {classes: all, dtype: float32}"));
  EXPECT_THAT(all.stored_classes, ElementsAre(0, 1, 2));
  EXPECT_EQ(all.type, ElementType::float32);
  EXPECT_THAT(message_of([&] { predict_job_of(config("threshold: {foreground: cleft}")); }),
              HasSubstr("threshold.foreground: is 'cleft'; expected a class of the model: rest, synapse"));
}

TEST_F(DetectJobs, PredictsRecipeIsAllThatDecidesTheProbability) {
  const auto recipe = predict_job_of(config()).recipe;
  EXPECT_EQ(recipe["model"], "0000000000abcdef");
  EXPECT_EQ(recipe["volume"]["bytes"], 2 * 3 * 4) << "of the dataset, whatever else is in its file";
  EXPECT_FALSE(recipe["volume"].contains("path"));
  EXPECT_EQ(recipe["volume"]["type"], "uint8");
  EXPECT_EQ(recipe["dataset"], "/raw");
  EXPECT_EQ(recipe["extent"], nlohmann::json({2, 3, 4}));
  EXPECT_EQ(recipe["classes"], nlohmann::json({"synapse"}));
  EXPECT_EQ(recipe["dtype"], "uint8");
  EXPECT_FALSE(recipe.contains("mask"));
  const Config masked =
      config("", "/raw, mask: {path: " + (directory / "raw.h5").string() + ", dataset: /m}");
  EXPECT_EQ(predict_job_of(masked).recipe["mask"][1], "/m");
  const auto boxed = predict_job_of(config("", "/raw, box: [0:1, 1:3, 2:]")).recipe;
  EXPECT_EQ(boxed["extent"], nlohmann::json({1, 2, 2}));
  EXPECT_EQ(boxed["box"], "z 0:1, y 1:3, x 2:4");
}

TEST_F(DetectJobs, TheVoxelSizeDecidesTheProbabilityWhereScalesAreInNm) {
  const auto in_voxels = predict_job_of(config()).recipe;
  EXPECT_FALSE(in_voxels.contains("voxel_size"));
  Model model = *classifier.models.front();
  model.features.sigma_unit = SigmaUnit::nm;
  classifier.models = {std::make_shared<const Model>(model)};
  const auto in_nm = predict_job_of(config()).recipe;
  EXPECT_EQ(in_nm["voxel_size"], nlohmann::json({40, 5, 5}));
  auto other = in_nm;
  other["voxel_size"][0] = 50;
  EXPECT_THAT(differences_of_probability(in_nm, other), ElementsAre("voxel_size"));
  EXPECT_TRUE(differences_of_probability(in_voxels, in_nm).empty()) << "noted by no earlier version";
}

TEST_F(DetectJobs, AMaskMayComeAfterPredictButNotChange) {
  const auto plain = predict_job_of(config()).recipe;
  const std::string path = "/raw, mask: {path: " + (directory / "raw.h5").string() + ", dataset: ";
  const auto masked = predict_job_of(config("", path + "/m}")).recipe;
  auto other = masked;
  other["mask"][1] = "/n";
  EXPECT_TRUE(differences_of_probability(plain, masked).empty());
  EXPECT_TRUE(differences_of_probability(masked, masked).empty());
  EXPECT_THAT(differences_of_probability(masked, plain), ElementsAre(testing::StartsWith("mask (")));
  EXPECT_THAT(differences_of_probability(masked, other), ElementsAre("mask"));
}

TEST_F(DetectJobs, SegmentWorksInVoxelsOnTheRunDirectorysFiles) {
  const Config settings = config("threshold: {sigma_nm: 20}\nfilter: {min_volume_nm3: 10000}");
  const auto job = segment_job(settings, look_at_volume(settings), {{"of", "probability"}});
  EXPECT_EQ(job.threshold.sigma, (PerAxis<double>{0.5, 4, 4}));
  EXPECT_EQ(job.rule.bounds.min, 10);
  EXPECT_EQ(job.probability, directory / "results/probability.h5");
  EXPECT_EQ(job.labels, directory / "results/synapses.h5");
  EXPECT_EQ(job.table, directory / "results/synapses.csv");
}

TEST_F(DetectJobs, SegmentsRecipeSaysNeighboursAsTheConfigurationDoes) {
  for (const int neighbours : {6, 18, 26}) {
    const Config settings = config("components: {connectivity: " + std::to_string(neighbours) + "}");
    const auto recipe = segment_job(settings, look_at_volume(settings), {{"of", "probability"}}).recipe;
    EXPECT_EQ(recipe["connectivity"], neighbours);
    EXPECT_EQ(recipe["probability"], (nlohmann::json{{"of", "probability"}}));
  }
}

TEST_F(DetectJobs, SegmentsRecipeKnowsSplittingOnlyWhereThereIsSome) {
  const auto recipe_of = [&](const std::string& text) {
    const Config settings = config(text);
    return segment_job(settings, look_at_volume(settings), {{"of", "probability"}}).recipe;
  };
  EXPECT_FALSE(recipe_of("").contains("split"));
  EXPECT_EQ(recipe_of("components: {split_distance_nm: 9}"), recipe_of(""));
  EXPECT_EQ(recipe_of("components: {split: cores}")["split"], nlohmann::json::array({"cores"}));
  EXPECT_EQ(recipe_of("components: {split: cores, split_distance_nm: 9}")["split"],
            nlohmann::json::array({"cores"}));
  const auto by_distance = nlohmann::json::array({"distance", 9});
  EXPECT_EQ(recipe_of("components: {split: distance, split_distance_nm: 9}")["split"], by_distance);
}

}  // namespace
}  // namespace cleft
