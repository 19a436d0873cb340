// The heart of cleft: the same bytes for any number of ranks and threads and any block shape.

#include <algorithm>

#include <gtest/gtest.h>

#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"
#include "io/volume/volume_reader.hpp"
#include "probability/distributed/probability_file.hpp"

namespace cleft::test {
namespace {

template <class T>
std::vector<T> voxels_of(const VolumeReader& reader) {
  Array3<T> voxels(reader.extent());
  reader.read(whole_box(reader.extent()), voxels.view());
  return {voxels.voxels().begin(), voxels.voxels().end()};
}

/// All that a run writes and that must not depend on how it ran.
struct Results {
  std::string table;
  std::vector<char> objects;
  std::vector<std::uint64_t> labels;
  std::vector<std::uint8_t> probability;
};

/// The rows of /objects as they stand in the file.
std::vector<char> object_bytes(const std::string& file) {
  const auto objects = h5::File::open_read(file).dataset("/objects");
  const h5::Handle type(H5Dget_type(objects.id()), objects.name(), "look at its rows");
  std::vector<char> bytes(H5Tget_size(type.get()) * objects.element_count());
  objects.read_as(type.get(), bytes.data(), bytes.size());
  return bytes;
}

Results results_of(const SmallRun& run, const std::string& directory) {
  return {file_bytes(run.path(directory + "/synapses.csv")),
          object_bytes(run.path(directory + "/synapses.h5")),
          voxels_of<std::uint64_t>(VolumeReader({run.path(directory + "/synapses.h5"), "/labels"})),
          voxels_of<std::uint8_t>(open_probability(run.path(directory + "/probability.h5"), "synapse"))};
}

class Invariance : public testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() {
    run_ = new SmallRun;
    SmallRun::expect_done(run_->detect(0, "reference", {"run.block_shape=[1000,1000,1000]"}));
    reference_ = new Results(results_of(*run_, "reference"));
  }
  static void TearDownTestSuite() {
    delete reference_;
    delete run_;
  }

  static SmallRun* run_;
  static Results* reference_;
};

SmallRun* Invariance::run_ = nullptr;
Results* Invariance::reference_ = nullptr;

TEST_P(Invariance, TableLabelsAndProbabilityAreTheSameBytesForEveryBlockShapeAndThreads) {
  const int ranks = GetParam();
  ASSERT_GT(std::count(reference_->table.begin(), reference_->table.end(), '\n'), 2)
      << "too little found to compare";
  ASSERT_FALSE(reference_->objects.empty());
  // Divides the volume; does not; exceeds it (one block for all ranks); one section thin; planned from the
  // memory.
  int threads = 1;
  for (const std::string shape : {"[20,55,60]", "[13,41,50]", "[200,200,200]", "[1,110,120]", ""}) {
    const std::string directory = "ranks" + std::to_string(ranks) + shape;
    std::vector<std::string> sets{"run.threads_per_rank=" + std::to_string(threads++)};
    if (!shape.empty()) sets.push_back("run.block_shape=" + shape);
    const auto outcome = run_->detect(ranks, directory, sets);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const Results results = results_of(*run_, directory);
    EXPECT_EQ(results.table, reference_->table) << "blocks of " << shape;
    EXPECT_TRUE(results.objects == reference_->objects) << "blocks of " << shape;
    EXPECT_TRUE(results.labels == reference_->labels) << "blocks of " << shape;
    EXPECT_TRUE(results.probability == reference_->probability) << "blocks of " << shape;
  }
}

/// For the foreground alone the forest is narrowed; for all classes it is whole.
TEST(ForegroundAlone, HasTheBitsThatItHasAmongAllClasses) {
  const SmallRun run;
  const auto probability = [&](const std::string& directory, const std::vector<std::string>& sets) {
    SmallRun::expect_done(run.detect(2, directory, sets));
    return voxels_of<float>(open_probability(run.path(directory + "/probability.h5"), "synapse"));
  };
  for (const std::string type : {"uint8", "float32"}) {
    const std::string dtype = "predict.dtype=" + type;
    const auto alone = probability("alone_" + type, {dtype});
    const auto among_all = probability("all_" + type, {dtype, "predict.classes=all"});
    EXPECT_GT(std::count_if(alone.begin(), alone.end(), [](float p) { return p > 0; }), 1000);
    EXPECT_TRUE(alone == among_all) << type;
    EXPECT_EQ(file_bytes(run.path("alone_" + type + "/synapses.csv")),
              file_bytes(run.path("all_" + type + "/synapses.csv")));
  }
}

INSTANTIATE_TEST_SUITE_P(Ranks, Invariance, testing::Values(1, 2, 3, 4, 7, 8),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace cleft::test
