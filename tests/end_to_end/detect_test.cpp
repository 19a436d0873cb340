// Whole runs of detect: what it leaves, goes on with and refuses.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "end_to_end/result_checks.hpp"
#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"
#include "probability/distributed/probability_file.hpp"
#include "support/masks.hpp"

namespace cleft::test {
namespace {

const SmallRun& shared_run() {
  static const SmallRun run;
  return run;
}

nlohmann::json provenance(const std::string& directory) {
  return nlohmann::json::parse(file_bytes(shared_run().path(directory + "/run.json")));
}

/// Writes other grey values into a volume's file.
void change_volume(const std::string& path) {
  auto file = h5::File::open_write(path);
  auto raw = file.dataset("raw");
  std::vector<std::uint8_t> values(2);
  raw.read_part<std::uint8_t>({0, 0, 0}, {1, 1, 2}, values);
  for (std::uint8_t& value : values) value ^= 1U;
  raw.write_part<std::uint8_t>({0, 0, 0}, {1, 1, 2}, values);
}

bool looks_finished(const std::string& directory) {
  return std::filesystem::exists(shared_run().path(directory + "/probability.h5")) ||
         std::filesystem::exists(shared_run().path(directory + "/synapses.h5")) ||
         std::filesystem::exists(shared_run().path(directory + "/synapses.csv"));
}

TEST(Detect, SaysHowItCameAbout) {
  ASSERT_EQ(shared_run().detect(2, "provenance").exit_code, 0);
  const auto run = provenance("provenance");
  for (const auto* stage : {"predict", "segment"}) {
    EXPECT_EQ(run[stage]["ranks"], 2);
    EXPECT_EQ(run[stage]["peak_memory_of_ranks"].size(), 2U);
  }
  EXPECT_EQ(run["predict"]["voxels"], 40 * 110 * 120);
  EXPECT_EQ(run["predict"]["bytes"]["read"], run["predict"]["voxels_with_halo"]);
  EXPECT_DOUBLE_EQ(run["predict"]["halo_overhead"].get<double>() * (40 * 110 * 120),
                   run["predict"]["voxels_with_halo"]);
  EXPECT_EQ(run["predict"]["bytes"]["written"], 40 * 110 * 120);
  EXPECT_GE(run["segment"]["bytes"]["read"], 40 * 110 * 120);
  EXPECT_EQ(run["segment"]["bytes"]["written"],
            std::filesystem::file_size(shared_run().path("provenance/synapses.h5")) +
                std::filesystem::file_size(shared_run().path("provenance/synapses.csv")));
  EXPECT_GT(run["segment"]["merge"]["bytes_sent"], 0);
  EXPECT_GT(run["segment"]["seconds"]["threshold"], 0);
  EXPECT_EQ(run["segment"]["recipe"]["probability"], run["predict"]["recipe"]);
}

TEST(Detect, WhatIsDoneIsNotDoneAgain) {
  ASSERT_EQ(shared_run().detect(2, "twice").exit_code, 0);
  const auto table = file_bytes(shared_run().path("twice/synapses.csv"));
  const auto how = provenance("twice");
  const auto again = shared_run().detect(3, "twice");
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_NE(again.err.find("detect: done already"), std::string::npos) << again.err;
  EXPECT_EQ(file_bytes(shared_run().path("twice/synapses.csv")), table);
  EXPECT_EQ(provenance("twice"), how);
}

/// Cleft 0.1.0 called a recipe origin.
void name_recipe_as_0_1_0_did(h5::Object& result) {
  result.set_attribute("origin", result.scalar_attribute<std::string>("recipe"));
  ASSERT_GE(H5Adelete(result.id(), "recipe"), 0);
}

TEST(Detect, ARunOfCleft010IsRecognised) {
  ASSERT_EQ(shared_run().detect(2, "of_0_1_0").exit_code, 0);
  const auto path = [](const std::string& name) { return shared_run().path("of_0_1_0/" + name); };
  {
    auto file = h5::File::open_write(path("synapses.h5"));
    name_recipe_as_0_1_0_did(file);
    for (const auto* checksum : {"table_bytes", "table_xxh64"}) ASSERT_GE(H5Adelete(file.id(), checksum), 0);
    file.close();
    write_bytes(path("synapses.h5"), std::string(512, '\0') + file_bytes(path("synapses.h5")).substr(512));
    auto probability = h5::File::open_write(path("probability.h5")).dataset("/probability");
    name_recipe_as_0_1_0_did(probability);
  }
  const std::string table = file_bytes(path("synapses.csv"));
  const auto again = shared_run().detect(2, "of_0_1_0");
  EXPECT_EQ(again.exit_code, 0) << again.err;
  for (const auto* line : {"of cleft 0.1.0, whose tables have shorter axes; the synapses are found again",
                           "predict: done already", "synapses.kept.csv"})
    EXPECT_NE(again.err.find(line), std::string::npos) << line << '\n' << again.err;
  EXPECT_EQ(file_bytes(path("synapses.csv")), table) << "which was not really of 0.1.0";
  EXPECT_EQ(file_bytes(path("synapses.kept.csv")), table);
  EXPECT_NE(shared_run().detect(2, "of_0_1_0").err.find("detect: done already"), std::string::npos);
}

TEST(Detect, OtherThresholdsNeedNoNewPrediction) {
  ASSERT_EQ(shared_run().detect(2, "thresholds").exit_code, 0);
  const auto table = file_bytes(shared_run().path("thresholds/synapses.csv"));
  const std::vector<std::string> stricter{"threshold.core_ratio=1000"};
  const auto outcome = shared_run().detect(2, "thresholds", stricter, {"--stage", "segment"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err.find("predict:"), std::string::npos) << outcome.err;
  EXPECT_NE(file_bytes(shared_run().path("thresholds/synapses.csv")), table);
}

TEST(Detect, AReplacedModelOrVolumeIsRefusedWhenSegmentingAgain) {
  const auto& run = shared_run();
  for (const auto* copy : {"model.h5", "volume.h5"})
    std::filesystem::copy_file(run.path(copy[0] == 'm' ? "synapse.model.h5" : "phantom.h5"), run.path(copy));
  const std::vector<std::string> copies{"model=" + run.path("model.h5"),
                                        "volume.path=" + run.path("volume.h5")};
  ASSERT_EQ(run.detect(2, "replaced", copies).exit_code, 0);
  const auto results = [&] {
    return file_bytes(run.path("replaced/synapses.csv")) + file_bytes(run.path("replaced/run.yaml"));
  };
  const auto before = results();
  auto stricter = copies;
  stricter.emplace_back("threshold.core_ratio=1000");

  ASSERT_EQ(run_cleft({"train", run.configuration(), "--set", "model=" + run.path("model.h5"), "--set",
                       "forest.trees=3", "--force"})
                .exit_code,
            0);
  expect_one_error(run.detect(2, "replaced", stricter, {"--stage", "segment"}), 1, "from another model;");
  // One that was only touched is the same.
  std::filesystem::last_write_time(run.path("volume.h5"),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  expect_one_error(run.detect(2, "replaced", stricter, {"--stage", "segment"}), 1, "from another model;");
  change_volume(run.path("volume.h5"));
  expect_one_error(run.detect(2, "replaced", stricter, {"--stage", "segment"}), 1,
                   "from another model, volume (");
  EXPECT_EQ(results(), before);
}

TEST(Detect, AnotherVolumeIsAcceptedWhereTheUserSaysSo) {
  const auto& run = shared_run();
  std::filesystem::copy_file(run.path("phantom.h5"), run.path("other.h5"));
  const std::vector<std::string> other{"volume.path=" + run.path("other.h5")};
  ASSERT_EQ(run.detect(1, "accepted", other).exit_code, 0);
  change_volume(run.path("other.h5"));
  expect_one_error(run.detect(2, "accepted", other), 1, "or --accept-input");
  const auto accepted = run.detect(2, "accepted", other, {"--accept-input"});
  EXPECT_EQ(accepted.exit_code, 0) << accepted.err;
  EXPECT_NE(accepted.err.find("other.h5:/raw: is another volume than the results were begun with ("),
            std::string::npos)
      << accepted.err;
  EXPECT_NE(accepted.err.find("detect: done already"), std::string::npos) << accepted.err;
}

TEST(Detect, ARunDirectoryMovesWithItsData) {
  const SmallRun run;
  ASSERT_EQ(run.detect(2, "results").exit_code, 0);
  const TempDirectory elsewhere;
  const auto moved = elsewhere / "moved";
  std::filesystem::copy(run.path(""), moved, std::filesystem::copy_options::recursive);
  const auto again = run_cleft({"detect", (moved / "run.yaml").string()}, 2);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.err.find("detect: done already"), std::string::npos) << again.err;
}

TEST(Detect, SegmentingAloneNeedsAStoredProbability) {
  expect_one_error(shared_run().detect(2, "alone", {}, {"--stage", "segment"}), 1,
                   "alone/probability.h5: there is no such file");
}

TEST(Detect, AnotherConfigurationIsRefusedByTheNamesOfItsKeys) {
  ASSERT_EQ(shared_run().detect(1, "refused").exit_code, 0);
  expect_one_error(shared_run().detect(2, "refused", {"predict.dtype=float32"}), 1, "predict.dtype");
}

TEST(Detect, ZeroSynapsesIsAResult) {
  const auto outcome = shared_run().detect(2, "none", {"filter.min_size=1000000", "filter.max_size=2000000"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto table = file_bytes(shared_run().path("none/synapses.csv"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1);
  for (const auto* line :
       {"segment: 0 synapses in ", " too small, 0 too large\n",
        "segment: fewer than 1000000 voxels have a ratio above threshold.reference_ratio = 0.3"})
    EXPECT_NE(outcome.err.find(line), std::string::npos) << line << '\n' << outcome.err;
  EXPECT_GT(provenance("none")["segment"]["dropped"]["too_small"], 0);
  const auto without_core = shared_run().detect(1, "coreless", {"threshold.core_ratio=1e9"});
  for (const auto* line : {"segment: the highest ratio of 'synapse' to the rest is ",
                           "; none is above threshold.core_ratio = 1000000000",
                           "can only be found with a threshold.core_ratio below about "})
    EXPECT_NE(without_core.err.find(line), std::string::npos) << line << '\n' << without_core.err;
  EXPECT_EQ(without_core.err.find("halo"), std::string::npos) << without_core.err;
  const auto no_mask = shared_run().detect(
      1, "maskless", {"threshold.core_ratio=1e9", "threshold.reference_ratio=1e8"}, {"--log", "debug"});
  EXPECT_NE(no_mask.err.find("; none is above threshold.reference_ratio = 100000000"), std::string::npos)
      << no_mask.err;
  EXPECT_NE(no_mask.err.find("times as many voxels read as computed"), std::string::npos) << no_mask.err;
}

TEST(Detect, WarnsOfAVolumeThatIsUnlikeTheTrainingVolume) {
  h5::write_file(shared_run().path("other.h5"), [](h5::File& file) {
    std::vector<float> grey(std::size_t{20} * 40 * 40, 0.5F);
    grey.front() = -3.4e38F;  // as some programs mark what is missing
    grey.back() = std::numeric_limits<float>::quiet_NaN();
    file.write("raw", grey, {20, 40, 40});
  });
  const std::string other = "volume.path=" + shared_run().path("other.h5");
  const auto refused = shared_run().detect(2, "other", {other});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors(), testing::ElementsAre(testing::HasSubstr("predict.accept_type: true")));
  EXPECT_FALSE(std::filesystem::exists(shared_run().path("other")));
  const auto outcome = shared_run().detect(2, "other", {other, "predict.accept_type=true"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const auto* line :
       {"other.h5:/raw: holds float32 values, but the model was trained on uint8",
        "has grey values from 0.5 to 0.5, but",
        "2 voxels are not usable (NaN, infinite or beyond 1e9): nothing can be found within"})
    EXPECT_NE(outcome.err.find(line), std::string::npos) << line << '\n' << outcome.err;
  const auto not_numbers = [](const std::string& directory) {
    return nlohmann::json::parse(
        file_bytes(shared_run().path(directory + "/run.json")))["predict"]["not_numbers"];
  };
  EXPECT_EQ(not_numbers("other"), 2);
  const auto filled =
      shared_run().detect(2, "filled", {other, "predict.accept_type=true", "volume.missing=background"});
  EXPECT_EQ(filled.exit_code, 0) << filled.err;
  EXPECT_EQ(filled.err.find("not usable"), std::string::npos) << filled.err;
  EXPECT_EQ(not_numbers("filled"), 0);
}

TEST(Detect, AllClassesAndFloatGiveTheSameSynapsesAsFarAsTheyCanTell) {
  ASSERT_EQ(shared_run().detect(2, "foreground").exit_code, 0);
  ASSERT_EQ(shared_run().detect(2, "all", {"predict.classes=all"}).exit_code, 0);
  EXPECT_EQ(file_bytes(shared_run().path("all/synapses.csv")),
            file_bytes(shared_run().path("foreground/synapses.csv")));
  EXPECT_EQ(h5::File::open_read(shared_run().path("all/probability.h5")).dataset("/probability").shape(),
            (h5::Shape{40, 110, 120, 3}));
}

template <class T>
std::vector<T> stored_probability(const std::string& directory, ElementType type) {
  const auto reader = open_probability(shared_run().path(directory + "/probability.h5"), "synapse");
  EXPECT_EQ(reader.type(), type);
  Array3<T> voxels(reader.extent());
  reader.read(whole_box(reader.extent()), voxels.view());
  return values_of(voxels);
}

TEST(Detect, FloatProbabilitiesAreThoseThatBytesAreRoundedFrom) {
  ASSERT_EQ(shared_run().detect(2, "float", {"predict.dtype=float32"}).exit_code, 0);
  ASSERT_EQ(shared_run().detect(3, "bytes").exit_code, 0);
  const auto exact = stored_probability<float>("float", ElementType::float32);
  const auto bytes = stored_probability<std::uint8_t>("bytes", ElementType::uint8);
  ASSERT_EQ(exact.size(), bytes.size());
  double farthest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i)
    farthest = std::max(farthest, std::abs(255.0 * static_cast<double>(exact[i]) - bytes[i]));
  EXPECT_LE(farthest, 0.5 + 1e-4) << "not the nearest step, halves to either side";
  EXPECT_GE(farthest, 0.4) << "no more than bytes";
  const auto table = file_bytes(shared_run().path("float/synapses.csv"));
  EXPECT_GT(std::count(table.begin(), table.end(), '\n'), 1);
}

TEST(Detect, AMaskThatIsEmptyLeavesNothingToComputeAndNothingFound) {
  h5::write_file(shared_run().path("mask.h5"), [](h5::File& file) {
    file.write("/mask", std::vector<std::uint8_t>(std::size_t{40} * 110 * 120), {40, 110, 120});
  });
  const auto outcome = shared_run().detect(
      3, "masked", {"volume.mask.path=" + shared_run().path("mask.h5"), "volume.mask.dataset=/mask"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const auto p : stored_probability<std::uint8_t>("masked", ElementType::uint8)) ASSERT_EQ(p, 0);
  const auto table = file_bytes(shared_run().path("masked/synapses.csv"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1);
  EXPECT_EQ(h5::File::open_read(shared_run().path("masked/synapses.h5")).dataset("/objects").element_count(),
            0U);
  EXPECT_EQ(provenance("masked")["predict"]["voxels"], 0);
}

TEST(Detect, ProbabilityIsDroppedWhenItIsNotWanted) {
  ASSERT_EQ(shared_run().detect(2, "dropped", {"run.keep_probability=false"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(shared_run().path("dropped/probability.h5")));
  EXPECT_TRUE(std::filesystem::exists(shared_run().path("dropped/synapses.csv")));
  // Labels that are there need no probability any more.
  const auto again = shared_run().detect(2, "dropped", {"run.keep_probability=false"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.err.find("done already"), std::string::npos) << again.err;
}

TEST(Detect, OneUnreadableBlockFailsAllRanksAlikeAndLeavesNothingFinished) {
  const std::string damaged = shared_run().path("damaged.h5");
  const h5::Shape shape{40, 110, 120};
  {
    // Compressed chunks of another volume's size, the last of which is overwritten: one block in the middle
    // of the job fails.
    const auto grey =
        h5::File::open_read(shared_run().path("phantom.h5")).dataset("/raw").read<std::uint8_t>();
    h5::write_file(damaged, [&](h5::File& file) {
      file.write("/raw", grey, shape, {.chunks = {20, 55, 60}, .gzip = 1})
          .set_attribute("element_size_um", std::vector{0.012, 0.016, 0.016});
    });
    auto bytes = file_bytes(damaged);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2),
              bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2 + 2000), '\xa5');
    write_bytes(damaged, bytes);
  }
  for (const int ranks : {1, 2, 3, 4}) {
    const std::string directory = "damaged" + std::to_string(ranks);
    const auto outcome =
        shared_run().detect(ranks, directory, {"volume.path=" + damaged, "run.block_shape=[20,55,60]"});
    expect_one_error(outcome, 2, "damaged.h5:/raw");
    EXPECT_FALSE(looks_finished(directory));
  }
}

TEST(Detect, AnUnreadableProbabilityFailsSegmentOnAllRanksAlike) {
  for (const int ranks : {1, 3}) {
    const std::string directory = "cut" + std::to_string(ranks);
    ASSERT_EQ(shared_run().detect(2, directory, {}, {"--stage", "predict"}).exit_code, 0);
    const std::string probability = shared_run().path(directory + "/probability.h5");
    std::filesystem::resize_file(probability, std::filesystem::file_size(probability) / 2);
    expect_one_error(shared_run().detect(ranks, directory, {}, {"--stage", "segment"}), 1, "probability.h5");
    EXPECT_FALSE(std::filesystem::exists(shared_run().path(directory + "/synapses.h5")));
    EXPECT_FALSE(std::filesystem::exists(shared_run().path(directory + "/synapses.csv")));
  }
}

TEST(Detect, LabelsThatCannotBeWrittenFailAllRanksAlikeAndLeaveTheProbability) {
  ASSERT_EQ(shared_run().detect(2, "unwritable", {}, {"--stage", "predict"}).exit_code, 0);
  const std::filesystem::path in_the_way = shared_run().path("unwritable/synapses.h5");
  std::filesystem::create_directory(in_the_way);
  for (const int ranks : {1, 3}) {
    expect_one_error(shared_run().detect(ranks, "unwritable", {}, {"--stage", "segment"}), 1,
                     "unwritable/synapses.h5: is a directory; expected an output of cleft, or nothing");
    EXPECT_FALSE(std::filesystem::exists(shared_run().path("unwritable/synapses.csv")));
  }
  std::filesystem::remove(in_the_way);
  EXPECT_EQ(shared_run().detect(2, "unwritable", {}, {"--stage", "segment"}).exit_code, 0);
}

}  // namespace
}  // namespace cleft::test
