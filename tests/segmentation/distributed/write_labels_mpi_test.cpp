#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "blocks/ownership.hpp"
#include "io/volume/h5_volume.hpp"
#include "parallel/agree.hpp"
#include "segmentation/distributed/write_labels.hpp"
#include "support/blocked_mask.hpp"
#include "support/masks.hpp"
#include "support/temp_directory.hpp"

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

  void write(const Extent& block_shape, const std::function<void(h5::File&)>& extra, int threads = 1) {
    const BlockGrid grid(volume, block_shape, {0, 0, 0});
    const NumberRange own = owned_range(grid.count(), comm.rank(), comm.size());
    const auto blocks = label_blocks(mask.view(), grid, own, Connectivity::six);
    std::vector<std::vector<std::uint64_t>> labels;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      labels.emplace_back();
      for (std::uint32_t c = 0; c < blocks[b].component_count; ++c)
        labels.back().push_back(label_of(own.begin + static_cast<std::int64_t>(b), c));
    }
    write_labels(comm, grid, {blocks, labels}, VoxelSize{40, 5, 5}, threads, file, extra);
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
    write(
        shape, [](h5::File&) {}, 1 + comm.rank());
    const VolumeReader reader({file, "/labels"});
    EXPECT_EQ(reader.type(), ElementType::uint64);
    EXPECT_EQ(reader.voxel_size(), (VoxelSize{40, 5, 5}));
    Array3<std::uint64_t> labels(reader.extent());
    reader.read(whole_box(reader.extent()), labels.view());
    EXPECT_EQ(values_of(labels), expected(shape)) << to_string(shape);
    comm.barrier();
  }
}

TEST_F(WriteLabels, WhatElseBelongsInTheFileIsWrittenByRank0BeforeTheFileHasItsName) {
  int calls = 0;
  write({4, 5, 7}, [&](h5::File& labels) {
    ++calls;
    EXPECT_FALSE(std::filesystem::exists(file));
    labels.set_attribute("note", "hello");
  });
  EXPECT_EQ(calls, comm.is_root() ? 1 : 0);
  EXPECT_EQ(h5::File::open_read(file).scalar_attribute<std::string>("note"), "hello");
}

TEST_F(WriteLabels, WhatFailsThereFailsOnAllRanksAndLeavesNoFile) {
  EXPECT_THROW(write({4, 5, 7},
                     [](h5::File&) {
                       throw IoError({"synapses.csv", "cannot be written", ""});
                     }),
               CollectiveError);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(WriteLabels, StatesTheMemoryItTakes) {
  EXPECT_GE(label_bytes({4, 5, 7}), 4 * 5 * 7 * 8);
}

}  // namespace
}  // namespace cleft::test
