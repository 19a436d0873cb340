// Candidates beside the synapses, and another core_ratio for what is there without thresholding again.

#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "end_to_end/result_checks.hpp"
#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"
#include "objects/files/synapse_file.hpp"

namespace cleft::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Settings = std::vector<std::string>;

class Candidates : public testing::Test {
 protected:
  static const SmallRun& run() {
    static const SmallRun run;
    return run;
  }
  static Outcome done(const std::string& directory, const Settings& sets, const Settings& more = {},
                      int ranks = 2) {
    Outcome outcome = run().detect(ranks, directory, sets, more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome;
  }
  static std::filesystem::path synapse_file(const std::string& directory) {
    return run().path(directory + "/synapses.h5");
  }
  static std::string table(const std::string& directory) {
    return file_bytes(run().path(directory + "/synapses.csv"));
  }
  static std::vector<std::uint32_t> labels(const std::string& directory, const char* dataset) {
    return h5::File::open_read(synapse_file(directory)).dataset(dataset).read<std::uint32_t>();
  }
  /// First voxels of the synapses.
  static std::set<std::string> synapses(const std::string& directory) {
    std::set<std::string> found;
    for (const Synapse& row : read_objects(synapse_file(directory)))
      if (row.accepted != 0)
        found.insert(to_string(Extent{row.first_voxel.z, row.first_voxel.y, row.first_voxel.x}));
    return found;
  }
};

TEST_F(Candidates, StandBesideTheSameSynapsesWhateverTheRanks) {
  done("plain", {});
  const auto without = read_objects(synapse_file("plain"));
  ASSERT_GT(without.size(), 2U);
  std::string first;
  for (const int ranks : {1, 2, 3, 4}) {
    const std::string directory = "with" + std::to_string(ranks);
    const Outcome outcome = done(directory, {"filter.candidates=6", "run.block_shape=[20,55,60]"}, {}, ranks);
    EXPECT_THAT(outcome.err, HasSubstr("of these 6 candidates kept in the table"));
    const auto rows = read_objects(synapse_file(directory));
    ASSERT_EQ(rows.size(), without.size() + 6);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].accepted, i < without.size() ? 1 : 0);
    EXPECT_EQ(labels(directory, "/labels"), labels("plain", "/labels"));
    if (first.empty()) first = table(directory);
    EXPECT_EQ(table(directory), first);
  }
  EXPECT_THAT(run_cleft({"info", run().path("with1")}).out, HasSubstr("and 6 candidates beside them"));
}

TEST_F(Candidates, AnotherCoreRatioDecidesByRankAlone) {
  const Settings kept{"filter.candidate_ratio=0.5", "run.keep_probability=false"};
  const auto at = [&](const std::string& ratio) {
    Settings sets = kept;
    sets.push_back("threshold.core_ratio=" + ratio);
    return sets;
  };
  done("moved", at("1"));
  const std::string before = table("moved");
  for (const auto* ratio : {"2", "0.5", "1.5"}) {
    const Outcome outcome = done("moved", at(ratio), {"--stage", "segment"});
    EXPECT_THAT(outcome.err, HasSubstr("nothing was thresholded again")) << outcome.err;
    EXPECT_THAT(done("moved", at(ratio)).err, HasSubstr("done already"));
    done(std::string("fresh") + ratio, at(ratio));
    EXPECT_THAT(synapses("moved"), testing::IsSupersetOf(synapses(std::string("fresh") + ratio)));
    // The table is sound, and of its labels.
    EXPECT_THAT(
        run_cleft({"info", run().path("moved")}).out,
        AllOf(HasSubstr("synapses.h5 as written; synapses.csv as written"), Not(HasSubstr("DAMAGED"))));
  }
  done("moved", at("1"));
  EXPECT_EQ(table("moved"), before);
}

TEST_F(Candidates, WhereRanksCannotDecideItIsThresholdedAgain) {
  const auto at = [&](const std::string& ratio) {
    return Settings{"filter.candidates=2", "threshold.core_ratio=" + ratio};
  };
  done("again", at("1"));
  const Outcome lower = done("again", at("0.3125"), {"--stage", "segment"});
  EXPECT_THAT(lower.err,
              AllOf(HasSubstr("thresholds again, since all objects were kept only from a ratio of"),
                    Not(HasSubstr("nothing was thresholded"))));
  const Outcome between = done("again", at("1.23"), {"--stage", "segment"});
  EXPECT_THAT(between.err, HasSubstr("thresholds again, since core_ratio 1.23 is not one of the steps"));
  done("fresh", at("1.23"));
  EXPECT_EQ(table("again"), table("fresh"));
}

}  // namespace
}  // namespace cleft::test
