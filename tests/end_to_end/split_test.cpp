// Touching synapses told apart by the program: the same bytes for any number of ranks and threads and any
// block shape, nothing lost or added.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"
#include "objects/files/synapse_file.hpp"

namespace cleft::test {
namespace {

using testing::HasSubstr;
using Settings = std::vector<std::string>;

/// So lenient an outline that neighbours touch.
const Settings merging{"threshold.reference_ratio=0.15"};
const Settings smooth{"threshold.sigma=[1,1.5,1.5]"};
const Settings by_distance{smooth.front(), "components.split=distance", "components.split_distance_nm=70"};
/// Less smooth, and cores more probable, so that one component has several of them.
const Settings by_cores{"threshold.sigma=[0,0.7,0.7]", "threshold.core_ratio=2", "components.split=cores"};

Settings all_of(const std::vector<Settings>& parts) {
  Settings all;
  for (const Settings& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

class SplitRun : public testing::Test {
 protected:
  static const SmallRun& run() {
    static const SmallRun run;
    static const bool is_predicted = [&] {
      SmallRun::expect_done(run.detect(0, "predicted", {}, {"--stage", "predict"}));
      return true;
    }();
    EXPECT_TRUE(is_predicted);
    return run;
  }
  /// Segments what was predicted once. Returns the log.
  static std::string segment(const std::string& directory, const Settings& sets, int ranks = 1) {
    Settings all = all_of({merging, sets});
    all.push_back("run.probability=" + run().path("predicted"));
    const Outcome outcome = run().detect(ranks, directory, all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.err;
  }
  static std::string table(const std::string& directory) {
    return file_bytes(run().path(directory + "/synapses.csv"));
  }
  static std::filesystem::path file_of(const std::string& directory) {
    return run().path(directory + "/synapses.h5");
  }
  static std::vector<std::uint64_t> labels(const std::string& directory) {
    return h5::File::open_read(file_of(directory)).dataset("/labels").read<std::uint64_t>();
  }
  static nlohmann::json split_record(const std::string& directory) {
    return nlohmann::json::parse(file_bytes(run().path(directory + "/run.json")))["segment"]["split"];
  }
};

TEST_F(SplitRun, TablesAndLabelsAreTheSameBytesForAnyRanksBlocksAndThreads) {
  for (const auto& [name, how] :
       {std::pair<std::string, Settings>{"distance", by_distance}, {"cores", by_cores}}) {
    SCOPED_TRACE(name);
    segment(name, all_of({how, {"run.block_shape=[1000,1000,1000]"}}));
    ASSERT_GT(split_record(name)["components"], 2) << "too little to compare";
    ASSERT_GT(split_record(name)["parts"], 2 * split_record(name)["components"].get<int>());
    const std::string expected = table(name);
    const auto expected_labels = labels(name);
    int threads = 1;
    for (const int ranks : {1, 2, 3, 4})
      for (const std::string shape : {"[20,55,60]", "[13,41,50]", "[1,110,120]"}) {
        const std::string directory = name + std::to_string(ranks) + shape;
        segment(
            directory,
            all_of({how, {"run.block_shape=" + shape, "run.threads_per_rank=" + std::to_string(threads)}}),
            ranks);
        threads = threads % 3 + 1;
        EXPECT_EQ(table(directory), expected) << directory;
        EXPECT_TRUE(labels(directory) == expected_labels) << directory;
        EXPECT_EQ(split_record(directory), split_record(name)) << directory;
      }
  }
}

TEST_F(SplitRun, PartsAddUpToTheirComponents) {
  // Where every voxel of the outline is core, every part is a synapse: none may be missing.
  const Settings all_core{"threshold.core_ratio=0.15", "filter.min_size=20", "filter.max_size=1000000"};
  segment("whole", all_of({all_core, smooth}));
  segment("parts", all_of({all_core, by_distance}), 3);
  const auto whole = labels("whole"), parts = labels("parts");
  std::map<std::uint64_t, std::uint64_t> whole_of;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    ASSERT_EQ(whole[i] == 0, parts[i] == 0) << i;
    if (whole[i] != 0) {
      ASSERT_EQ(whole_of.emplace(parts[i], whole[i]).first->second, whole[i]) << i;
    }
  }
  std::map<std::uint64_t, std::int64_t> voxels;
  const auto rows = read_objects(file_of("parts"));
  for (const Synapse& row : rows) {
    EXPECT_GE(row.size, 20);
    voxels[whole_of.at(row.id)] += row.size;
  }
  const auto of_whole = read_objects(file_of("whole"));
  ASSERT_EQ(voxels.size(), of_whole.size());
  for (const Synapse& row : of_whole) EXPECT_EQ(voxels.at(row.id), row.size);
  EXPECT_EQ(std::ssize(rows) - std::ssize(of_whole),
            split_record("parts")["parts"].get<std::int64_t>() -
                split_record("parts")["components"].get<std::int64_t>());
  EXPECT_THAT(run_cleft({"info", run().path("parts")}).out,
              HasSubstr("split        distance, at least 70 nm apart: "));
}

}  // namespace
}  // namespace cleft::test
