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

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Extent extent{19, 33, 45};
constexpr Extent chunk{8, 16, 16};

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
std::vector<Box> boxes_of_rank(const Extent& block, const Communicator& comm) {
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

TEST_F(VolumeWriterTest, ChunksWrittenByAnyRankAreReadBack) {
  for (const Extent& block : {chunk, Extent{8, 32, 48}, Extent{24, 16, 32}}) {
    auto writer = VolumeWriter::create(comm, path);
    auto volume = writer.create_volume<std::uint16_t>(
        "/v", {.extent = extent, .chunk = chunk, .voxel_size = VoxelSize{45, 4, 4}});
    writer.flush();
    write_chunks_everywhere<std::uint16_t>(writer, volume, block);
    writer.finish();
    expect_written<std::uint16_t>(path);
    const VolumeReader reader({path, "/v"});
    EXPECT_EQ(reader.voxel_size(), (VoxelSize{45, 4, 4}));
    EXPECT_EQ(reader.chunk(), chunk);
  }
}

TEST_F(VolumeWriterTest, CompressedChunksWrittenTogetherAreReadBack) {
  auto writer = VolumeWriter::create(comm, path);
  auto volume =
      writer.create_volume<std::uint64_t>("/v", {.extent = extent, .chunk = chunk, .compressed = true});
  writer.flush();
  const auto mine = boxes_of_rank({8, 16, 48}, comm);
  const auto rounds = comm.max(static_cast<std::int64_t>(mine.size()));
  for (std::size_t i = 0; i < static_cast<std::size_t>(rounds); ++i) {
    const Box box = i < mine.size() ? mine[i] : Box{};
    writer.write_collective<std::uint64_t>(volume, box, values_in<std::uint64_t>(box).view());
  }
  writer.finish();
  expect_written<std::uint64_t>(path);
}

TEST_F(VolumeWriterTest, ARankThatNeverHasAnythingJoinsWithNothing) {
  auto writer = VolumeWriter::create(comm, path);
  auto volume = writer.create_volume<float>("/v", {.extent = extent, .chunk = chunk, .compressed = true});
  const Box box = comm.rank() == comm.size() - 1 ? whole_box(extent) : Box{};
  writer.write_collective<float>(volume, box, values_in<float>(box).view());
  writer.finish();
  expect_written<float>(path);
}

/// Zeros but for every third chunk, of which one voxel is not.
Array3<std::uint64_t> sparse_values(const Box& box) {
  Array3<std::uint64_t> voxels(box.extent());
  const BlockGrid chunks(extent, chunk, {});
  for (std::int64_t n = 0; n < chunks.count(); n += 3) {
    const GlobalVoxel last = chunks.owned(n).end - Extent{1, 1, 1};
    if (!box.contains({last, last + Extent{1, 1, 1}})) continue;
    const LocalVoxel p = box.local(last);
    voxels(p.z, p.y, p.x) = static_cast<std::uint64_t>(n + 1);
  }
  return voxels;
}

TEST_F(VolumeWriterTest, ChunksOfZerosAreThereWithoutBeingWritten) {
  for (const Extent& block : {extent, Extent{16, 32, 32}, chunk}) {
    auto writer = VolumeWriter::create(comm, path);
    auto volume =
        writer.create_volume<std::uint64_t>("/v", {.extent = extent, .chunk = chunk, .compressed = true});
    writer.flush();
    const auto boxes = boxes_of_rank(block, comm);
    const auto rounds = comm.max(static_cast<std::int64_t>(boxes.size()));
    for (std::int64_t round = 0; round < rounds; ++round) {
      const auto r = static_cast<std::size_t>(round);
      const Box box = r < boxes.size() ? boxes[r] : Box{};
      writer.write_collective<std::uint64_t>(volume, box, sparse_values(box).view());
    }
    writer.finish();
    const auto found = read_all<std::uint64_t>(path);
    EXPECT_TRUE(std::ranges::equal(found.voxels(), sparse_values(whole_box(extent)).voxels()))
        << to_string(block);
    comm.barrier();
  }
}

/// What was there stays, which shows that nothing was written. (A volume is written once.)
TEST_F(VolumeWriterTest, ChunksOfZerosAreLeftAsTheyAre) {
  auto writer = VolumeWriter::create(comm, path);
  auto volume =
      writer.create_volume<std::uint64_t>("/v", {.extent = extent, .chunk = chunk, .compressed = true});
  const Box box = comm.is_root() ? whole_box(extent) : Box{};
  writer.write_collective<std::uint64_t>(volume, box, values_in<std::uint64_t>(box).view());
  writer.write_collective<std::uint64_t>(volume, box, Array3<std::uint64_t>(box.extent()).view());
  writer.finish();
  expect_written<std::uint64_t>(path);
}

/// -0.0 equals the 0 of a chunk that was never written, but is another value.
TEST_F(VolumeWriterTest, ChunksOfNegativeZerosAreWritten) {
  auto writer = VolumeWriter::create(comm, path);
  auto volume = writer.create_volume<float>("/v", {.extent = chunk, .chunk = chunk, .compressed = true});
  const Box box = comm.is_root() ? whole_box(chunk) : Box{};
  Array3<float> voxels(box.extent());
  voxels.fill(-0.0F);
  writer.write_collective<float>(volume, box, voxels.view());
  writer.finish();
  const auto found = read_all<float>(path);
  EXPECT_TRUE(std::ranges::all_of(found.voxels(), [](float v) { return std::signbit(v); }));
}

TEST_F(VolumeWriterTest, CollectiveWritesReallyAreCollective) {
  auto writer = VolumeWriter::create(comm, path);
  for (const bool compressed : {false, true}) {
    auto volume = writer.create_volume<std::uint8_t>(
        compressed ? "/zipped" : "/plain", {.extent = extent, .chunk = chunk, .compressed = compressed});
    const Box box = comm.is_root() ? whole_box(extent) : Box{};
    const auto voxels = values_in<std::uint8_t>(box);
    const h5::Part all{begin_of(box), shape_of(box.extent())};
    h5::CollectiveWrite write(volume.dataset(), all, std::span(&all, box.empty() ? 0 : 1));
    ASSERT_GE(write.run(h5::memory_type<std::uint8_t>(), voxels.data()), 0);
    EXPECT_TRUE(write.was_collective()) << compressed;
    // Chunks that do not touch.
    const std::vector<h5::Part> apart{{{0, 0, 0}, {8, 16, 16}}, {{8, 16, 32}, {8, 16, 13}}};
    h5::CollectiveWrite of_chunks(volume.dataset(), all, std::span(apart).first(box.empty() ? 0 : 2));
    ASSERT_GE(of_chunks.run(h5::memory_type<std::uint8_t>(), voxels.data()), 0);
    EXPECT_TRUE(of_chunks.was_collective()) << compressed;
  }
  writer.finish();
}

TEST_F(VolumeWriterTest, CompressionMakesLabelVolumesSmall) {
  auto writer = VolumeWriter::create(comm, path);
  auto volume = writer.create_volume<std::uint64_t>(
      "/v", {.extent = {64, 64, 64}, .chunk = {32, 32, 32}, .compressed = true});
  const Box box = comm.is_root() ? whole_box({64, 64, 64}) : Box{};
  writer.write_collective<std::uint64_t>(volume, box, Array3<std::uint64_t>(box.extent()).view());
  writer.finish();
  EXPECT_LT(std::filesystem::file_size(path), 64 * 64 * 64 * 8 / 20);
}

TEST_F(VolumeWriterTest, TheFinalNameAppearsOnlyAtTheEnd) {
  {
    auto writer = VolumeWriter::create(comm, path);
    writer.create_volume<std::uint8_t>("/v", {.extent = extent, .chunk = chunk});
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(test::unfinished_in(dir.path()).size(), 1U);
    comm.barrier();
  }
  comm.barrier();
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_THAT(test::unfinished_in(dir.path()), testing::IsEmpty());
  comm.barrier();
  auto writer = VolumeWriter::create(comm, path);
  writer.finish();
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_THAT(test::unfinished_in(dir.path()), testing::IsEmpty());
}

TEST_F(VolumeWriterTest, AnUnfinishedFileIsGoneOnWith) {
  const hsize_t marks = 64;
  {
    auto writer = VolumeWriter::create(comm, path);
    auto volume = writer.create_volume<std::uint8_t>("/v", {.extent = extent, .chunk = chunk});
    auto manifest = writer.file().create_dataset<std::uint8_t>("/marks", {marks}, {.reserve = true});
    manifest.write(std::vector<std::uint8_t>(marks, 0));
    writer.flush();
    // Each rank marks one place on its own.
    manifest.write_part<std::uint8_t>({static_cast<hsize_t>(comm.rank())}, {1}, std::vector<std::uint8_t>{9});
    writer.finish();
  }
  if (comm.is_root()) std::filesystem::rename(path, path.string() + ".part");
  comm.barrier();
  auto writer = VolumeWriter::resume(comm, path);
  WrittenVolume volume(writer.file().dataset("/v"));
  const auto found = writer.file().dataset("/marks").read<std::uint8_t>();
  for (int mark = 0; mark < static_cast<int>(marks); ++mark)
    EXPECT_EQ(found.at(static_cast<std::size_t>(mark)), mark < comm.size() ? 9 : 0);
  write_chunks_everywhere<std::uint8_t>(writer, volume, chunk);
  writer.finish();
  expect_written<std::uint8_t>(path);
}

TEST_F(VolumeWriterTest, TwoRunsWriteTheSameBytes) {
  const auto write = [&](const std::filesystem::path& file) {
    auto writer = VolumeWriter::create(comm, file);
    auto volume = writer.create_volume<std::uint16_t>("/v", {.extent = extent, .chunk = chunk});
    write_chunks_everywhere<std::uint16_t>(writer, volume, chunk);
    writer.finish();
  };
  write(dir / "a.h5");
  write(dir / "b.h5");
  EXPECT_TRUE(test::file_bytes(dir / "a.h5") == test::file_bytes(dir / "b.h5"));
}

TEST_F(VolumeWriterTest, AnAgreedErrorUnwindsThroughAWriterWithoutWaiting) {
  const auto fail = [&] {
    auto writer = VolumeWriter::create(comm, path);
    auto volume = writer.create_volume<std::uint8_t>("/v", {.extent = extent, .chunk = chunk});
    all_or_throw(comm, [&] {
      if (comm.rank() == comm.size() - 1) throw IoError({"block 3", "cannot be read", ""});
    });
  };
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_THAT(fail, ThrowsMessage<CollectiveError>(HasSubstr("block 3")));
    comm.barrier();
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
    comm.barrier();
  }
}

TEST_F(VolumeWriterTest, AnErrorOnOneRankOnlyUnwindsThroughItsWriterWithoutWaiting) {
  auto writer = VolumeWriter::create(comm, path);
  auto volume = writer.create_volume<std::uint8_t>("/v", {.extent = extent, .chunk = chunk});
  const auto write_outside = [&] {
    const VolumeWriter mine = std::move(writer);
    mine.write_chunks<std::uint8_t>(volume, {{1, 0, 0}, {8, 16, 16}},
                                    Array3<std::uint8_t>({7, 16, 16}).view());
  };
  if (comm.is_root()) {
    EXPECT_THAT(write_outside, ThrowsMessage<InternalError>(HasSubstr("does not hold whole chunks")));
  } else {
    // The other ranks leave their writers open too: closing is for all ranks or none.
    writer.file().release();
  }
}

TEST_F(VolumeWriterTest, AnUnfinishedFileThatIsGoneOnWithOutlivesAnError) {
  VolumeWriter::create(comm, path).finish();
  if (comm.is_root()) std::filesystem::rename(path, path.string() + ".part");
  comm.barrier();
  const auto fail = [&] {
    const auto writer = VolumeWriter::resume(comm, path);
    all_or_throw(comm, [] { throw IoError({"block 3", "cannot be read", ""}); });
  };
  EXPECT_THAT(fail, ThrowsMessage<CollectiveError>(HasSubstr("block 3")));
  comm.barrier();
  EXPECT_TRUE(std::filesystem::exists(path.string() + ".part"));
}

TEST_F(VolumeWriterTest, APlaceThatCannotBeWrittenIsOneErrorOnAllRanks) {
  EXPECT_THAT(
      [&] { VolumeWriter::create(comm, (dir / "none") / "v.h5"); },
      ThrowsMessage<CollectiveError>(AllOf(HasSubstr("v.h5: cannot be written"), HasSubstr("No such file"))));
  EXPECT_THAT([&] { VolumeWriter::resume(comm, path); },
              ThrowsMessage<CollectiveError>(HasSubstr("v.h5.part: cannot be written")));
}

TEST_F(VolumeWriterTest, ADamagedUnfinishedFileIsOneErrorOnAllRanks) {
  if (comm.is_root()) test::write_bytes(path.string() + ".part", "not HDF5 at all");
  comm.barrier();
  EXPECT_THAT([&] { VolumeWriter::resume(comm, path); },
              ThrowsMessage<CollectiveError>(HasSubstr("is not an HDF5 file")));
}

TEST_F(VolumeWriterTest, ADiskTooFullForAVolumeIsOneErrorBeforeAnythingIsWritten) {
  const test::FileSizeLimit limit(3 << 20);
  auto writer = VolumeWriter::create(comm, path);
  const auto make_volume = [&] {
    writer.create_volume<float>("/v", {.extent = {128, 128, 128}, .chunk = {32, 32, 32}});
  };
  EXPECT_THAT(make_volume,
              ThrowsMessage<CollectiveError>(HasSubstr("v.h5: cannot grow to 9.0 MiB (File too large)")));
  EXPECT_FALSE(writer.file().exists("/v"));
  writer.file().release();
}

TEST_F(VolumeWriterTest, ADiskThatFillsUpWithCompressedChunksIsOneErrorOnAllRanks) {
  const test::FileSizeLimit limit(4 << 20);
  auto writer = VolumeWriter::create(comm, path);
  auto volume = writer.create_volume<std::uint64_t>(
      "/v", {.extent = {64, 64, 256}, .chunk = {32, 32, 32}, .compressed = true});
  writer.flush();
  Array3<std::uint64_t> noise({64, 64, 64});
  Random random(5);
  for (auto& voxel : noise.voxels()) voxel = random.bits();
  const auto write_all = [&] {
    for (std::int64_t x = 0; x < 256; x += 64) {
      const Box box = comm.is_root() ? Box{{0, 0, x}, {64, 64, x + 64}} : Box{};
      writer.write_collective<std::uint64_t>(volume, box,
                                             View3<const std::uint64_t>(noise.data(), box.extent()));
    }
  };
  EXPECT_THAT(write_all, ThrowsMessage<CollectiveError>(HasSubstr("(File too large)")));
  writer.file().release();
}

/// They are written when the volume is made: one rank alone would find the disk full.
TEST_F(VolumeWriterTest, ADiskWithoutRoomForCompressedZerosIsFoundOutBeforehand) {
  const test::FileSizeLimit limit(3 << 20);
  auto writer = VolumeWriter::create(comm, path);
  EXPECT_THROW(writer.create_volume<std::uint64_t>(
                   "/v", {.extent = {320, 640, 640}, .chunk = {32, 32, 32}, .compressed = true}),
               CollectiveError);
}

TEST_F(VolumeWriterTest, ADiskThatHoldsTheVolumeCompressedIsNotTooFull) {
  const test::FileSizeLimit limit(3 << 20);
  auto writer = VolumeWriter::create(comm, path);
  // 8 MiB as they are, to be written at once, by two ranks where there are two.
  constexpr Extent large{64, 64, 256};
  auto volume =
      writer.create_volume<std::uint64_t>("/v", {.extent = large, .chunk = {32, 32, 32}, .compressed = true});
  writer.flush();
  const std::int64_t half = comm.size() > 1 ? 128 : 256;
  const Box box =
      comm.rank() * half < 256 ? Box{{0, 0, comm.rank() * half}, {64, 64, (comm.rank() + 1) * half}} : Box{};
  Array3<std::uint64_t> voxels(box.extent());
  // Zeros in the last third, so that some chunks need not be written, and not as many of every rank.
  for (std::int64_t i = 0; i < voxels.size() * (comm.is_root() ? 3 : 2) / 3; ++i)
    voxels.voxels()[static_cast<std::size_t>(i)] = static_cast<std::uint64_t>(i / 1000);
  writer.write_collective<std::uint64_t>(volume, box, voxels.view());
  writer.finish();
  const VolumeReader reader({path, "/v"});
  Array3<std::uint64_t> found(box.extent());
  reader.read(box, found.view());
  EXPECT_TRUE(std::ranges::equal(found.voxels(), voxels.voxels()));
}

}  // namespace
}  // namespace cleft
