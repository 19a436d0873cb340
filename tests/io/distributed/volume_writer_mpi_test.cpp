#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/distributed/volume_writer_test.hpp"
#include "io/volume/read_boxes.hpp"

namespace cleft::test::volume_writer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

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

/// A chunk of `/v` as it stands in the file.
std::vector<std::byte> stored_chunk(const h5::File& file, const GlobalVoxel& begin) {
  const auto volume = file.dataset("/v");
  const auto at = shape_of(begin - GlobalVoxel{});
  hsize_t bytes = 0;
  EXPECT_GE(H5Dget_chunk_storage_size(volume.id(), at.data(), &bytes), 0);
  std::vector<std::byte> stored(bytes);
  std::uint32_t skipped = 0;
  EXPECT_GE(H5Dread_chunk(volume.id(), H5P_DEFAULT, at.data(), &skipped, stored.data()), 0);
  EXPECT_EQ(skipped, 0U);
  return stored;
}

/// What HDF5 makes of the same voxels is the judge, chunk by chunk; of random numbers, zeros and others.
TEST_F(VolumeWriterTest, PackedChunksAreThoseThatHdf5WouldHaveWritten) {
  if (!comm.is_root()) return;
  const auto by_library = dir / "library.h5";
  Array3<std::uint32_t> voxels(extent);
  Random random(3);
  for (std::int64_t i = 0; i < voxels.size(); ++i)
    voxels.voxels()[static_cast<std::size_t>(i)] = i < 5000    ? 0
                                                   : i < 12000 ? static_cast<std::uint32_t>(i / 100)
                                                               : static_cast<std::uint32_t>(random.bits());
  h5::write_file(by_library, [&](h5::File& file) {
    const std::vector<std::uint32_t> values(voxels.voxels().begin(), voxels.voxels().end());
    file.write("v", values, shape_of(extent), {.chunks = shape_of(chunk), .gzip = 1});
  });
  auto writer = VolumeWriter::create_alone(path);
  auto volume =
      writer.create_volume<std::uint32_t>("/v", {.extent = extent, .chunk = chunk, .compressed = true});
  writer.flush();
  const auto boxes = boxes_of_extent(whole_box(extent), chunk);
  for (const Box& box : boxes) {
    Array3<std::uint32_t> whole(chunk);
    for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
      for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
        std::copy(voxels.row(z, y) + box.begin.x, voxels.row(z, y) + box.end.x,
                  whole.row(z - box.begin.z, y - box.begin.y));
    writer.write_packed(volume, box.begin, VolumeWriter::packed(std::as_bytes(whole.voxels())));
  }
  writer.finish();
  const auto ours = h5::File::open_read(path), theirs = h5::File::open_read(by_library);
  for (const Box& box : boxes)
    EXPECT_EQ(stored_chunk(ours, box.begin), stored_chunk(theirs, box.begin)) << to_string(box);
  EXPECT_TRUE(std::ranges::equal(read_all<std::uint64_t>(path).voxels(), voxels.voxels()));
}

TEST_F(VolumeWriterTest, ADiskThatFillsUpWithPackedChunksIsAnError) {
  if (!comm.is_root()) return;
  const test::FileSizeLimit limit(4 << 20);
  auto writer = VolumeWriter::create_alone(path);
  auto volume = writer.create_volume<std::uint64_t>(
      "/v", {.extent = {64, 64, 256}, .chunk = {32, 32, 32}, .compressed = true});
  writer.flush();
  Random random(5);
  std::vector<std::uint64_t> noise(32 * 32 * 32);
  for (auto& voxel : noise) voxel = random.bits();
  const auto chunk = VolumeWriter::packed(std::as_bytes(std::span(noise)));
  std::size_t written = 0;
  const auto write_all = [&] {
    for (const Box& box : boxes_of_extent(whole_box({64, 64, 256}), {32, 32, 32})) {
      writer.write_packed(volume, box.begin, chunk);
      ++written;
    }
  };
  EXPECT_THAT(write_all, ThrowsMessage<CollectiveError>(HasSubstr("v.h5: cannot grow to")));
  EXPECT_GE(written, 8U) << "of 16 that there was room for";
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

}  // namespace
}  // namespace cleft::test::volume_writer
