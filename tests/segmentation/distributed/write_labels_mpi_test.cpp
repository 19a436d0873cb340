#include <algorithm>
#include <filesystem>
#include <numeric>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files/atomic_file.hpp"
#include "base/stopped.hpp"
#include "blocks/ownership.hpp"
#include "io/h5/file.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "segmentation/distributed/write_labels.hpp"
#include "support/blocked_mask.hpp"
#include "support/file_size_limit.hpp"
#include "support/masks.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft::test {
namespace {

constexpr Extent volume{9, 14, 16};

class WriteLabels : public testing::Test {
 protected:
  /// Labels of this rank's blocks that say whose they are: 1000 (block + 1) + local component; every third
  /// component is background.
  static std::uint64_t label_of(std::int64_t block, std::uint32_t component) {
    return component % 3 == 2 ? 0 : static_cast<std::uint64_t>(1000 * (block + 1)) + component;
  }

  UnpublishedFile write(const Extent& block_shape, int threads = 1, const std::stop_token& stop = {},
                        std::uint64_t largest = 1'000'000, std::optional<std::uint64_t> last_synapse = {},
                        const std::optional<Communicator>& ranks = {}) {
    const Communicator& over = ranks ? *ranks : comm;
    const BlockGrid grid(volume, block_shape, {0, 0, 0});
    const NumberRange own = owned_range(grid.count(), over.rank(), over.size());
    const auto blocks = label_blocks(mask.view(), grid, own, Connectivity::six);
    std::vector<std::vector<std::uint64_t>> labels;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      labels.emplace_back();
      for (std::uint32_t c = 0; c < blocks[b].component_count; ++c)
        labels.back().push_back(label_of(own.begin + static_cast<std::int64_t>(b), c));
    }
    const std::uint64_t synapses = last_synapse.value_or(largest);
    const LabelFacts facts{.synapses = synapses,
                           .candidates = largest - synapses,
                           .has_candidates = last_synapse.has_value(),
                           .voxel_size = VoxelSize{40, 5, 5},
                           .offset = PerAxis<double>{80, 10, 0}};
    return write_labels(over, grid, {blocks, labels}, facts, threads, file, stop);
  }

  /// The whole volume's labels, made by one rank alone.
  std::vector<std::uint64_t> expected(const Extent& block_shape) const {
    const BlockGrid grid(volume, block_shape, {0, 0, 0});
    const auto blocks = label_blocks(mask.view(), grid, {0, grid.count()}, Connectivity::six);
    Array3<std::uint64_t> labels(volume);
    for (std::int64_t n = 0; n < grid.count(); ++n)
      paint(blocks[static_cast<std::size_t>(n)], grid.owned(n), labels,
            [n](std::uint32_t component) { return label_of(n, component); });
    return values_of(labels);
  }

  const Communicator comm = Communicator::world();
  const TempDirectory directory{comm};
  const std::filesystem::path file = directory / "synapses.h5";
  const Array3<std::uint8_t> mask = random_mask(volume, 0.3, 5);
};

TEST_F(WriteLabels, EveryVoxelGetsTheLabelOfItsComponentWhateverTheBlocks) {
  for (const Extent& shape : {Extent{4, 5, 7}, Extent{1, 14, 16}, Extent{100, 100, 100}}) {
    const auto written = write(shape, 1 + comm.rank());
    EXPECT_EQ(written.empty(), !comm.is_root());
    comm.barrier();
    EXPECT_FALSE(std::filesystem::exists(file));
    const auto unfinished = unfinished_in(directory.path());
    ASSERT_EQ(unfinished.size(), 1U);
    const VolumeReader reader({unfinished.front(), labels_dataset});
    EXPECT_EQ(reader.type(), ElementType::uint32);
    EXPECT_EQ(reader.place().offset, (PerAxis<double>{80, 10, 0}));
    EXPECT_EQ(reader.voxel_size(), (VoxelSize{40, 5, 5}));
    Array3<std::uint64_t> labels(reader.extent());
    reader.read(whole_box(reader.extent()), labels.view());
    EXPECT_EQ(values_of(labels), expected(shape)) << to_string(shape);
    comm.barrier();
  }
}

TEST_F(WriteLabels, CandidatesAreAVolumeOfTheirOwn) {
  const Extent shape{4, 5, 7};
  const std::uint64_t last_synapse = 9000;
  const auto written = write(shape, 1, {}, 1'000'000, last_synapse);
  comm.barrier();
  const auto unfinished = unfinished_in(directory.path());
  ASSERT_EQ(unfinished.size(), 1U);
  const auto read = [&](const char* dataset) {
    const VolumeReader reader({unfinished.front(), dataset});
    Array3<std::uint64_t> labels(reader.extent());
    reader.read(whole_box(reader.extent()), labels.view());
    return values_of(labels);
  };
  auto synapses = expected(shape), candidates = synapses;
  for (auto& label : synapses) label = label <= last_synapse ? label : 0;
  for (auto& label : candidates) label = label > last_synapse ? label : 0;
  EXPECT_EQ(read(labels_dataset), synapses);
  EXPECT_EQ(read(candidates_dataset), candidates);
  EXPECT_GT(*std::max_element(candidates.begin(), candidates.end()), last_synapse) << "a test of nothing";
  comm.barrier();
}

TEST_F(WriteLabels, AreOf64BitsWhereTheirNumberNeedsIt) {
  // 2^32 - 2 and 2^32 - 1 are special in label volumes of 32 bits.
  for (const auto& [largest, type] :
       {std::pair{0xfffffffdULL, ElementType::uint32}, std::pair{0xfffffffeULL, ElementType::uint64}}) {
    const auto written = write({4, 5, 7}, 1, {}, largest);
    comm.barrier();
    const auto unfinished = unfinished_in(directory.path());
    ASSERT_EQ(unfinished.size(), 1U);
    const VolumeReader reader({unfinished.front(), labels_dataset});
    EXPECT_EQ(reader.type(), type);
    Array3<std::uint64_t> labels(reader.extent());
    reader.read(whole_box(reader.extent()), labels.view());
    EXPECT_EQ(values_of(labels), expected({4, 5, 7}));
    comm.barrier();
  }
}

TEST_F(WriteLabels, StopOnAllRanksWhenOneIsAskedToAndLeaveNothing) {
  std::stop_source source;
  if (comm.rank() == comm.size() - 1) source.request_stop();
  EXPECT_THROW(write({4, 5, 7}, 1, source.get_token()), Stopped);
  comm.barrier();
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(unfinished_in(directory.path()).empty());
  comm.barrier();
  EXPECT_NO_THROW(write({4, 5, 7}));
}

/// One block of 2 x 2 x 3 chunks for each rank, one after the other along z. In each a component of two
/// voxels, on either side of where chunks meet along x, and one in the last chunk, which is background.
TEST_F(WriteLabels, AreZeroInChunksThatHoldNone) {
  const Extent block{40, 70, 130};
  const Extent extent{block.z * comm.size(), block.y, block.x};
  Array3<std::uint8_t> inside(extent);
  Array3<std::uint64_t> found(extent), labelled(extent);
  for (std::int64_t z = 0; z < extent.z; z += block.z) {
    inside(z + 3, 40, 43) = inside(z + 3, 40, 44) = inside(z + 39, 69, 129) = 1;
    labelled(z + 3, 40, 43) = labelled(z + 3, 40, 44) = 7;
  }
  const BlockGrid grid(extent, block, {0, 0, 0});
  const auto blocks = label_blocks(inside.view(), grid, owned_range(grid.count(), comm.rank(), comm.size()),
                                   Connectivity::six);
  const std::vector<std::vector<std::uint64_t>> labels{{7, 0}};
  const auto written = write_labels(comm, grid, {blocks, labels}, {.synapses = 7}, 2, file);
  comm.barrier();
  const auto unfinished = unfinished_in(directory.path());
  ASSERT_EQ(unfinished.size(), 1U);
  VolumeReader({unfinished.front(), labels_dataset}).read(whole_box(extent), found.view());
  EXPECT_EQ(values_of(found), values_of(labelled));
  const auto stored = h5::File::open_read(unfinished.front()).dataset(labels_dataset);
  EXPECT_EQ(stored.chunks(), (h5::Shape{20, 35, 44}));
  comm.barrier();
}

TEST_F(WriteLabels, TheFileIsTheSameForAnyRanksAndThreads) {
  const std::uint64_t last_synapse = 9000;
  const auto together = write({4, 5, 7}, 1 + comm.rank(), {}, 1'000'000, last_synapse);
  if (comm.is_root()) {
    const std::string bytes = file_bytes(together.written());
    const auto alone = write({4, 5, 7}, 2, {}, 1'000'000, last_synapse, Communicator::self());
    EXPECT_GT(bytes.size(), 10'000U);
    EXPECT_TRUE(file_bytes(alone.written()) == bytes);
  }
  comm.barrier();
}

/// Each block is a chunk of many small components, which takes some 100 kB; there is room for a few of 16.
TEST_F(WriteLabels, ADiskThatFillsUpIsOneErrorOnAllRanksAndNothingIsLeft) {
  const Extent block{32, 64, 64}, extent{64, 128, 256};
  const BlockGrid grid(extent, block, {0, 0, 0});
  const auto blocks = label_blocks(random_mask(extent, 0.2, 5).view(), grid,
                                   owned_range(grid.count(), comm.rank(), comm.size()), Connectivity::six);
  std::vector<std::vector<std::uint64_t>> labels;
  for (const auto& labelled : blocks) {
    labels.emplace_back(labelled.component_count);
    std::iota(labels.back().begin(), labels.back().end(), 1U);
  }
  const auto write_all = [&] {
    write_labels(comm, grid, {blocks, labels}, {.synapses = 1'000'000}, 2, file);
  };
  {
    const FileSizeLimit limit(3 << 19);
    EXPECT_THAT(write_all, testing::ThrowsMessage<CollectiveError>(
                               testing::HasSubstr("synapses.h5: cannot grow to 1.")));
  }
  comm.barrier();
  EXPECT_TRUE(unfinished_in(directory.path()).empty());
  comm.barrier();
  EXPECT_NO_THROW(write_all());
}

TEST_F(WriteLabels, StatesTheMemoryItTakes) {
  EXPECT_GE(label_bytes({4, 5, 7}), 4 * 5 * 7 * 8);
}

}  // namespace
}  // namespace cleft::test
