// What detect makes of earlier results when the inputs are others by then: another volume, a mask that came
// later, an input that was written to. And what it keeps of tables that somebody has worked on.

#include <chrono>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "end_to_end/result_checks.hpp"
#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"

namespace cleft::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using Settings = std::vector<std::string>;

/// A small run, a second volume of the same extent, and a mask of the middle of both.
class OtherInputs : public testing::Test {
 protected:
  static const SmallRun& run() {
    static const SmallRun run;
    static const bool made = [] {
      SmallRun::expect_done(run_cleft({"phantom", run.path("other.h5"), "--extent", "40,110,120",
                                       "--voxel-size", "12,16,16", "--seed", "2"}));
      constexpr std::size_t section = std::size_t{110} * 120;
      std::vector<std::uint8_t> inside(40 * section, 0);
      std::fill_n(&inside[10 * section], 20 * section, std::uint8_t{1});
      h5::write_file(run.path("mask.h5"), [&](h5::File& file) {
        file.write("mask", inside, {40, 110, 120});
      });
      return true;
    }();
    EXPECT_TRUE(made);
    return run;
  }
  static std::string other() { return "volume.path=" + run().path("other.h5"); }
  static std::string mask() { return "volume.mask=" + run().path("mask.h5"); }

  static Outcome done(const std::string& directory, const Settings& sets = {}, const Settings& more = {}) {
    Outcome outcome = run().detect(2, directory, sets, more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome;
  }
  static std::string bytes(const std::string& name) { return file_bytes(run().path(name)); }
  static bool is_there(const std::string& name) { return std::filesystem::exists(run().path(name)); }
  static json recipe(const std::string& directory, const std::string& stage) {
    return json::parse(bytes(directory + "/run.json"))[stage]["recipe"];
  }
  static std::vector<std::uint8_t> probability(const std::string& directory) {
    return h5::File::open_read(run().path(directory + "/probability.h5"))
        .dataset("/probability")
        .read<std::uint8_t>();
  }
  /// As a run leaves it that was killed while it predicted a damaged block again.
  static void leave_half_mended(const std::string& directory) {
    const auto file = run().path(directory + "/probability.h5");
    flip_row(file, {20, 20, 70}, 20);
    std::filesystem::rename(file, file + ".part");
  }
};

TEST_F(OtherInputs, AnotherVolumeIsRefusedAlsoWhereTheProbabilityWasNotKept) {
  const std::string no_probability = "run.keep_probability=false";
  done("dropped", {no_probability});
  for (const auto* stage : {"all", "predict"})
    expect_one_error(run().detect(2, "dropped", {no_probability, other()}, {"--stage", stage}), 1,
                     "synapses.h5: was made from another volume (");
  EXPECT_THAT(done("dropped", {no_probability, other()}, {"--accept-input"}).err,
              testing::AllOf(HasSubstr("accepted, as told"), HasSubstr("done already")));
}

TEST_F(OtherInputs, WhatIsPredictedAgainIsRecordedAsOfTheVolumeThatItIsOf) {
  const Settings changed{"run.keep_probability=false", other(), "threshold.core_ratio=1000"};
  done("again", {"run.keep_probability=false"});
  done("again", changed, {"--accept-input"});
  done("fresh", changed);
  for (const auto* stage : {"predict", "segment"}) EXPECT_EQ(recipe("again", stage), recipe("fresh", stage));
  EXPECT_EQ(bytes("again/synapses.csv"), bytes("fresh/synapses.csv"));
  EXPECT_THAT(done("again", changed).err, HasSubstr("done already"));
}

TEST_F(OtherInputs, WhatWasAcceptedIsRecorded) {
  done("accepted", {}, {"--stage", "predict"});
  done("accepted", {other()}, {"--accept-input"});
  const auto accepted = json::parse(bytes("accepted/run.json"))["segment"]["accepted_inputs"];
  ASSERT_EQ(accepted.size(), 1U);
  EXPECT_THAT(accepted[0].get<std::string>(),
              testing::AllOf(testing::StartsWith("volume "), HasSubstr("other.h5:/raw (")));
  EXPECT_THAT(run_cleft({"info", run().path("accepted")}).out, HasSubstr("accepted     volume "));
}

TEST_F(OtherInputs, AMaskThatLeavesNothingOutIsToldOf) {
  h5::write_file(run().path("full.h5"), [](h5::File& file) {
    file.write("mask", std::vector<std::uint16_t>(std::size_t{40} * 110 * 120, 65535), {40, 110, 120});
  });
  EXPECT_THAT(done("full", {"volume.mask=" + run().path("full.h5")}).err,
              HasSubstr("full.h5:/mask leaves nothing out"));
  EXPECT_THAT(done("part", {mask()}).err, Not(HasSubstr("leaves nothing out")));
}

TEST_F(OtherInputs, AMaskIsNotAcceptedInThePlaceOfNone) {
  done("unmasked", {mask()}, {"--stage", "predict"});
  const auto outcome = run().detect(2, "unmasked");
  expect_one_error(outcome, 1, "probability.h5: was made from another mask");
  EXPECT_THAT(outcome.err, Not(HasSubstr("--accept-input")));
}

TEST_F(OtherInputs, AMaskThatCameLaterDoesNotKeepADamagedProbabilityFromBeingMended) {
  done("plain", {}, {"--stage", "predict"});
  const auto whole = probability("plain");
  done("masked", {mask()});
  leave_half_mended("plain");
  EXPECT_THAT(done("plain", {mask()}).err, HasSubstr("was begun without a mask, and goes on without"));
  EXPECT_EQ(probability("plain"), whole);
  EXPECT_EQ(bytes("plain/synapses.csv"), bytes("masked/synapses.csv"));

  // The same where the labels are there already.
  leave_half_mended("plain");
  done("plain", {mask()});
  EXPECT_EQ(probability("plain"), whole);
  leave_half_mended("plain");
  EXPECT_THAT(done("plain", {mask(), "run.keep_probability=false"}).err, HasSubstr("done already"));
  EXPECT_FALSE(is_there("plain/probability.h5") || is_there("plain/probability.h5.part"));
}

TEST_F(OtherInputs, AProbabilityOfAnotherRunIsNotTakenForThisOnes) {
  done("mine");
  done("theirs", {other()});
  std::filesystem::copy_file(run().path("theirs/probability.h5"), run().path("mine/probability.h5"),
                             std::filesystem::copy_options::overwrite_existing);
  expect_one_error(run().detect(2, "mine"), 1, "probability.h5: was made from another volume (");
  const auto judged =
      run_cleft({"evaluate", run().path("mine"), "--truth", run().path("phantom.h5/truth/synapses")});
  expect_one_error(judged, 1, "probability.h5: was made from another volume (");
}

TEST_F(OtherInputs, DamagedResultsAreNotJudged) {
  done("judged");
  const auto judge = [](const std::string& result) {
    return run_cleft({"evaluate", run().path(result), "--truth", run().path("phantom.h5/truth/synapses")});
  };
  EXPECT_EQ(judge("judged").exit_code, 0);
  expect_one_error(judge("judged/probability.h5/probability"), 1, "holds probabilities; expected labels");
  flip_row(run().path("judged/probability.h5"), {20, 20, 70}, 20);
  expect_one_error(judge("judged"), 1, "probability.h5: is damaged in 1 of ");
  done("judged");
  EXPECT_EQ(judge("judged").exit_code, 0);
  std::string labels = bytes("judged/synapses.h5");
  labels[labels.size() / 2] = static_cast<char>(~labels[labels.size() / 2]);
  write_bytes(run().path("judged/synapses.h5"), labels);
  for (const auto* result : {"judged", "judged/synapses.h5"})
    expect_one_error(judge(result), 1, "synapses.h5: is damaged: ");
}

TEST_F(OtherInputs, WhatElseIsStoredInTheVolumesFileMakesNoOtherVolume) {
  const auto volume = run().path("shared.h5");
  std::filesystem::copy_file(run().path("phantom.h5"), volume);
  const Settings shared{"volume.path=" + volume};
  done("shared", shared);
  {
    auto file = h5::File::open_write(volume);
    file.write("more", std::vector<std::uint8_t>(std::size_t{5} << 20U), {5, 1 << 10, 1 << 10});
  }
  EXPECT_THAT(done("shared", shared).err,
              testing::AllOf(HasSubstr("done already"), Not(HasSubstr("warning"))));
}

TEST_F(OtherInputs, ALargeInputThatWasWrittenToAfterwardsIsDoubted) {
  const auto file = run().path("large.h5");
  // Datasets of up to 4 MiB are compared as a whole; this one has 4.03.
  std::vector<std::uint64_t> inside(std::size_t{40} * 110 * 120, 1);
  inside.front() = 0;
  h5::write_file(file, [&](h5::File& to) { to.write("mask", inside, {40, 110, 120}); });
  const std::string large = "volume.mask=" + file;
  done("large", {large});
  EXPECT_THAT(done("large", {large}).err, Not(HasSubstr("was written to")));
  std::filesystem::last_write_time(file,
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_THAT(done("large", {large}).err, HasSubstr("large.h5:/mask: was written to, or copied, after "));
}

TEST_F(OtherInputs, ATableThatSomebodyHasWorkedOnIsNeverReplaced) {
  done("edited");
  const std::string first = bytes("edited/synapses.csv");
  const auto edit_and_detect = [](const std::string& note, const std::string& ratio) {
    write_bytes(run().path("edited/synapses.csv"), note);
    done("edited", {"threshold.core_ratio=" + ratio});
  };
  edit_and_detect("mine", "1000");
  EXPECT_EQ(bytes("edited/synapses.kept.csv"), "mine");
  EXPECT_FALSE(is_there("edited/synapses.previous.csv"));
  edit_and_detect("mine again", "1");
  edit_and_detect("mine", "1");  // the same settings: the table is written again
  EXPECT_EQ(bytes("edited/synapses.kept.csv"), "mine");
  EXPECT_EQ(bytes("edited/synapses.kept-2.csv"), "mine again");
  EXPECT_FALSE(is_there("edited/synapses.kept-3.csv")) << "kept already";
  EXPECT_EQ(bytes("edited/synapses.csv"), first);
  done("edited", {"threshold.core_ratio=1000"});
  EXPECT_EQ(bytes("edited/synapses.previous.csv"), first);
}

}  // namespace
}  // namespace cleft::test
