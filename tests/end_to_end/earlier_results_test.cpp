// What detect makes of results that are there already: whole ones, damaged ones, and those of other settings.

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "end_to_end/result_checks.hpp"
#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"

namespace cleft::test {
namespace {

const SmallRun& shared_run() {
  static const SmallRun run;
  return run;
}

std::vector<std::uint8_t> stored_bytes(const std::string& directory) {
  return h5::File::open_read(shared_run().path(directory + "/probability.h5"))
      .dataset("/probability")
      .read<std::uint8_t>();
}

TEST(EarlierResults, ADamagedBlockOfTheProbabilityIsPredictedAgainAndSegmentAloneRefusesIt) {
  const std::vector<std::string> blocks{"run.block_shape=[20,55,60]"};
  ASSERT_EQ(shared_run().detect(2, "flipped", blocks, {"--stage", "predict"}).exit_code, 0);
  const std::string probability = shared_run().path("flipped/probability.h5");
  const auto whole = stored_bytes("flipped");
  for (const int ranks : {1, 2, 3, 4}) {
    flip_row(probability, {39, 20, 70}, 20);
    expect_one_error(shared_run().detect(ranks, "flipped", blocks, {"--stage", "segment"}), 1,
                     "flipped/probability.h5: is damaged in z 20:40, y 0:55, x 60:120; expected what predict "
                     "wrote there; cleft detect of that run, without --stage segment, predicts it again");
    EXPECT_FALSE(std::filesystem::exists(shared_run().path("flipped/synapses.h5")));
    EXPECT_FALSE(std::filesystem::exists(shared_run().path("flipped/synapses.csv")));
    // By the next run, whatever it is asked for; also where the labels are there already.
    const auto mended =
        shared_run().detect(ranks, "flipped", blocks, {"--stage", ranks % 2 == 0 ? "all" : "predict"});
    ASSERT_EQ(mended.exit_code, 0) << mended.err;
    EXPECT_NE(mended.err.find("x 60:120; that is predicted again"), std::string::npos) << mended.err;
    EXPECT_EQ(
        nlohmann::json::parse(file_bytes(shared_run().path("flipped/run.json")))["predict"]["blocks_resumed"],
        7)
        << "one of 8 is done again";
    EXPECT_EQ(stored_bytes("flipped"), whole);
    if (ranks % 2 == 0) {
      flip_row(probability, {0, 20, 70}, 20);
      EXPECT_EQ(shared_run().detect(ranks, "flipped", blocks).exit_code, 0);
      EXPECT_EQ(stored_bytes("flipped"), whole);
      for (const auto* name : {"flipped/synapses.h5", "flipped/synapses.csv"})
        std::filesystem::remove(shared_run().path(name));
    }
  }
}

/// What detect must give back, whatever was damaged.
struct Whole {
  explicit Whole(const std::string& directory)
      : table(file_bytes(shared_run().path(directory + "/synapses.csv"))),
        labels(h5::File::open_read(shared_run().path(directory + "/synapses.h5"))
                   .dataset("/labels")
                   .read<std::uint64_t>()) {}
  std::string table;
  std::vector<std::uint64_t> labels;
  friend bool operator==(const Whole&, const Whole&) = default;
};

TEST(EarlierResults, ADamagedTableIsWrittenAgainFromTheLabelsFile) {
  ASSERT_EQ(shared_run().detect(2, "table").exit_code, 0);
  const auto table = shared_run().path("table/synapses.csv");
  const std::string whole = file_bytes(table);
  std::string changed = whole;
  changed[changed.size() / 2] ^= 1;
  const std::string row = whole.substr(whole.rfind('\n', whole.size() - 2) + 1);
  for (const std::string& bytes : {std::string(), whole.substr(0, 300), changed, whole + row}) {
    write_bytes(table, bytes);
    const auto outcome = shared_run().detect(2, "table");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("synapses.csv: is not what was written; it is written again from"),
              std::string::npos)
        << outcome.err;
    EXPECT_EQ(file_bytes(table), whole);
  }
  std::filesystem::remove(table);
  EXPECT_EQ(shared_run().detect(1, "table").exit_code, 0);
  EXPECT_EQ(file_bytes(table), whole);
  EXPECT_EQ(shared_run().detect(1, "table").err.find("warning"), std::string::npos);
  std::filesystem::remove(table);
  std::filesystem::create_directory(table);
  expect_one_error(shared_run().detect(2, "table"), 1, "synapses.csv: is a directory");
  std::filesystem::remove(table);
}

TEST(EarlierResults, DamagedLabelsAreFoundAgainFromTheProbability) {
  ASSERT_EQ(shared_run().detect(2, "labels").exit_code, 0);
  const Whole whole("labels");
  const auto labels = shared_run().path("labels/synapses.h5");
  const std::string bytes = file_bytes(labels);
  std::string turned = bytes, first = bytes;
  for (std::size_t at = bytes.size() / 2; at < bytes.size() / 2 + 200; ++at)
    turned[at] = static_cast<char>(~turned[at]);
  first.replace(0, 512, 512, '\0');
  for (const std::string& damaged :
       {turned, first, bytes.substr(0, bytes.size() - 10), std::string("no HDF5")}) {
    write_bytes(labels, damaged);
    const auto outcome = shared_run().detect(3, "labels");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("the synapses are found again"), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find("predict: 528000"), std::string::npos) << outcome.err;
    EXPECT_TRUE(Whole("labels") == whole);
  }
  // A table that cannot be compared with its labels is kept, once: somebody may have worked on it.
  EXPECT_EQ(file_bytes(shared_run().path("labels/synapses.kept.csv")), whole.table);
  EXPECT_FALSE(std::filesystem::exists(shared_run().path("labels/synapses.kept-2.csv")));
}

TEST(EarlierResults, OtherThresholdsSegmentAgainAndKeepTheEarlierTable) {
  ASSERT_EQ(shared_run().detect(2, "again").exit_code, 0);
  const Whole first("again");
  const auto other = shared_run().detect(2, "again", {"threshold.core_ratio=1000"});
  ASSERT_EQ(other.exit_code, 0) << other.err;
  EXPECT_NE(
      other.err.find("holds a run with other values of threshold.core_ratio (1 there, 1000 now): segments"),
      std::string::npos)
      << other.err;
  EXPECT_EQ(file_bytes(shared_run().path("again/synapses.previous.csv")), first.table);
  EXPECT_NE(Whole("again").table, first.table);
  EXPECT_NE(file_bytes(shared_run().path("again/run.yaml")).find("core_ratio: 1000"), std::string::npos);
  ASSERT_EQ(shared_run().detect(2, "again").exit_code, 0);
  EXPECT_TRUE(Whole("again") == first);
}

TEST(EarlierResults, ATrialSegmentsTheProbabilityOfAnotherRun) {
  ASSERT_EQ(shared_run().detect(2, "source").exit_code, 0);
  const Whole first("source");
  const auto trial = [](const std::string& directory, const std::string& probability,
                        std::vector<std::string> sets = {}, const std::vector<std::string>& more = {}) {
    sets.push_back("run.probability=" + shared_run().path(probability));
    return shared_run().detect(2, directory, sets, more);
  };
  ASSERT_EQ(trial("trial", "source").exit_code, 0);
  EXPECT_TRUE(Whole("trial") == first);
  EXPECT_FALSE(std::filesystem::exists(shared_run().path("trial/probability.h5")));
  ASSERT_EQ(trial("trial2", "source/probability.h5",
                  {"threshold.core_ratio=1000", "run.keep_probability=false"}, {"--stage", "segment"})
                .exit_code,
            0);
  EXPECT_NE(Whole("trial2").table, first.table);
  EXPECT_TRUE(std::filesystem::exists(shared_run().path("source/probability.h5")));
  EXPECT_NE(trial("trial", "source").err.find("done already"), std::string::npos);

  expect_one_error(trial("trial3", "nothing"), 1, "nothing: there is no such file");
  expect_one_error(trial("trial3", "source", {"predict.dtype=float32"}), 1, "was made from another dtype");
  expect_one_error(trial("trial3", "source", {}, {"--stage", "predict"}), 1, "there is nothing to predict");
  expect_one_error(trial("source", "trial"), 1, "the run has a probability of its own");
  const auto stored = shared_run().path("source/probability.h5");
  flip_row(stored, {39, 20, 70}, 20);
  expect_one_error(trial("trial3", "source"), 1, "source/probability.h5: is damaged in ");
  std::filesystem::rename(stored, stored + ".part");
  expect_one_error(trial("trial3", "source"), 1, "probability.h5.part: is unfinished, ");
  EXPECT_FALSE(std::filesystem::exists(shared_run().path("trial3")));
}

TEST(EarlierResults, LinksUnderNamesThatCanBeGuessedAreNotFollowed) {
  const auto victim = shared_run().path("victim");
  write_bytes(victim, "precious");
  std::filesystem::create_directory(shared_run().path("links"));
  for (const auto* name : {"synapses.csv.part", "synapses.h5.part", "run.yaml.part", "run.json.part",
                           "run.json", "synapses.csv", "synapses.h5"})
    std::filesystem::create_symlink(victim, shared_run().path(std::string("links/") + name));
  std::filesystem::remove(shared_run().path("links/synapses.csv"));
  std::filesystem::remove(shared_run().path("links/synapses.h5"));
  EXPECT_EQ(shared_run().detect(2, "links").exit_code, 0);
  EXPECT_EQ(file_bytes(victim), "precious");
  std::filesystem::rename(shared_run().path("links/probability.h5"), victim);
  std::filesystem::create_symlink(victim, shared_run().path("links/probability.h5.part"));
  std::filesystem::remove(shared_run().path("links/synapses.h5"));
  expect_one_error(shared_run().detect(2, "links"), 1, "probability.h5.part: is a link");
}

}  // namespace
}  // namespace cleft::test
