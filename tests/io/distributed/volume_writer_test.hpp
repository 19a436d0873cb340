#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/ownership.hpp"
#include "io/distributed/h5_parallel.hpp"
#include "io/distributed/volume_writer.hpp"
#include "io/h5/select.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "support/file_size_limit.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft::test::volume_writer {

inline constexpr Extent extent{19, 33, 45};
inline constexpr Extent chunk{8, 16, 16};

/// What the voxels must hold.
template <class T>
Array3<T> values_in(const Box& box) {
  Array3<T> voxels(box.extent());
  for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
    for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
      for (std::int64_t x = box.begin.x; x < box.end.x; ++x)
        voxels(z - box.begin.z, y - box.begin.y, x - box.begin.x) =
            static_cast<T>(linear_index(GlobalVoxel{z, y, x}, extent) * 7 + 1);
  return voxels;
}

/// Boxes of whole chunks, handed to the ranks in turn.
inline std::vector<Box> boxes_of_rank(const Extent& block, const Communicator& comm) {
  const BlockGrid grid(extent, block, {0, 0, 0});
  std::vector<Box> boxes;
  for (std::int64_t n = comm.rank(); n < grid.count(); n += comm.size()) boxes.push_back(grid.owned(n));
  return boxes;
}

template <class T>
Array3<T> read_all(const std::filesystem::path& file) {
  const VolumeReader reader({file, "/v"});
  Array3<T> found(reader.extent());
  reader.read(whole_box(reader.extent()), found.view());
  return found;
}

template <class T>
void expect_written(const std::filesystem::path& file) {
  const Array3<T> found = read_all<T>(file);
  ASSERT_EQ(found.extent(), extent);
  const auto expected = values_in<T>(whole_box(extent));
  EXPECT_TRUE(std::ranges::equal(found.voxels(), expected.voxels()));
}

class VolumeWriterTest : public testing::Test {
 protected:
  Communicator comm = Communicator::world();
  test::TempDirectory dir{comm};
  std::filesystem::path path = dir / "v.h5";

  template <class T>
  void write_chunks_everywhere(VolumeWriter& writer, WrittenVolume& volume, const Extent& block) {
    for (const Box& box : boxes_of_rank(block, comm))
      writer.write_chunks<T>(volume, box, values_in<T>(box).view());
  }
};

}  // namespace cleft::test::volume_writer
