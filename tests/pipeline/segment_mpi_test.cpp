#include <gtest/gtest.h>

#include "base/random.hpp"
#include "io/h5.hpp"
#include "parallel/agree.hpp"
#include "pipeline/reference_segment.hpp"
#include "pipeline/segment.hpp"
#include "probability/probability_file.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {
namespace {

constexpr std::int64_t plenty_of_memory = std::int64_t{1} << 30U;

class SegmentTest : public testing::Test {
 protected:
  /// Rank 0 writes a finished probability file, as predict leaves it.
  void store(const Array3<std::uint8_t>& probability) {
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      const Extent& e = probability.extent();
      h5::write_file(job.probability, [&](h5::File& file) {
        auto dataset =
            file.write(probability_dataset, values_of(probability),
                       {static_cast<hsize_t>(e.z), static_cast<hsize_t>(e.y), static_cast<hsize_t>(e.x)});
        dataset.set_attribute("classes", std::vector<std::string>{"synapse"});
      });
    });
  }

  Array3<std::uint64_t> stored_labels() const {
    const VolumeReader reader({job.labels, "/labels"});
    Array3<std::uint64_t> labels(reader.extent());
    reader.read(whole_box(reader.extent()), labels.view());
    return labels;
  }

  void expect_reference(const Array3<std::uint8_t>& probability, const std::string& what) {
    const SegmentSummary summary = segment(comm, job);
    const ReferenceResult reference = reference_segment(probability, job);
    EXPECT_EQ(values_of(stored_labels()), values_of(reference.labels)) << what;
    EXPECT_EQ(file_bytes(job.table), reference.table) << what;
    EXPECT_EQ(summary.synapses, std::count(reference.table.begin(), reference.table.end(), '\n') - 1) << what;
    comm.barrier();  // nobody writes the next files while another rank still reads these
  }

  const Communicator comm = Communicator::world();
  const TempDirectory directory{comm};
  SegmentJob job{.probability = directory / "probability.h5",
                 .voxel_size = VoxelSize{40, 5, 5},
                 .threshold = {.options = {.core_ratio = 2, .reference_ratio = 1}, .sigma = {0, 0, 0}},
                 .bounds = {3, 100000},
                 .block_shape = {},
                 .memory_per_rank = plenty_of_memory,
                 .origin = {},
                 .labels = directory / "synapses.h5",
                 .table = directory / "synapses.csv"};
};

/// Probabilities above one half with this frequency, of every value.
Array3<std::uint8_t> random_probability(const Extent& extent, double above_half, std::uint64_t seed) {
  Array3<std::uint8_t> probability(extent);
  Random random(seed);
  for (auto& v : probability.voxels())
    v = static_cast<std::uint8_t>(random.uniform() < above_half ? 128 + random.below(128)
                                                                : random.below(128));
  return probability;
}

TEST_F(SegmentTest, EqualsPlainLabellingForEveryBlockShape) {
  const Extent volume{9, 14, 16};
  const Extent shapes[] = {{3, 7, 8}, {4, 5, 7}, {100, 100, 100}, {1, 14, 16}};
  for (const double density : {0.1, 0.31}) {
    const auto probability = random_probability(volume, density, 7);
    store(probability);
    for (const auto connectivity : all_connectivities) {
      job.threshold.connectivity = connectivity;
      for (const Extent& shape : shapes) {
        job.block_shape = shape;
        expect_reference(probability, name_of(connectivity) + " neighbours, blocks of " + to_string(shape));
      }
    }
  }
}

TEST_F(SegmentTest, ASerpentineThroughAllRanksIsOneSynapse) {
  const Extent volume{12, 7, 9};
  auto probability = serpentine(volume);
  for (auto& v : probability.voxels()) v = v != 0 ? 255 : 0;
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  for (const Extent& shape : {Extent{2, 3, 4}, Extent{1, 7, 9}}) {
    job.block_shape = shape;
    expect_reference(probability, "blocks of " + to_string(shape));
  }
}

TEST_F(SegmentTest, NothingFoundIsAnEmptyTable) {
  const Array3<std::uint8_t> probability({5, 6, 7});
  store(probability);
  expect_reference(probability, "no foreground");
  const auto table = file_bytes(job.table);
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1);
}

TEST_F(SegmentTest, BlocksArePlannedWhenNoShapeIsGiven) {
  const auto probability = random_probability({20, 40, 50}, 0.2, 3);
  store(probability);
  expect_reference(probability, "planned blocks");
}

TEST_F(SegmentTest, SmoothedResultsAreTheSameForEveryBlockShape) {
  store(random_probability({9, 20, 22}, 0.5, 11));
  job.threshold.sigma = {0.5, 1.5, 1.5};
  job.threshold.options.core_ratio = 1.1;
  job.block_shape = Extent{100, 100, 100};
  segment(comm, job);
  const auto labels = values_of(stored_labels());
  const auto table = file_bytes(job.table);
  EXPECT_GT(std::count(table.begin(), table.end(), '\n'), 1) << "a test of nothing";
  comm.barrier();
  for (const Extent& shape : {Extent{3, 5, 11}, Extent{1, 20, 22}, Extent{4, 7, 9}}) {
    job.block_shape = shape;
    segment(comm, job);
    EXPECT_EQ(values_of(stored_labels()), labels) << to_string(shape);
    EXPECT_EQ(file_bytes(job.table), table) << to_string(shape);
    comm.barrier();
  }
}

TEST_F(SegmentTest, AMissingFileFailsOnAllRanksAlikeAndLeavesNothing) {
  EXPECT_THROW(segment(comm, job), CollectiveError);
  EXPECT_FALSE(std::filesystem::exists(job.labels));
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

}  // namespace
}  // namespace cleft::test
