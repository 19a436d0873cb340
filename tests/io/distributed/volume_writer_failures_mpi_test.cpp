#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/distributed/volume_writer_test.hpp"

namespace cleft::test::volume_writer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

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
              ThrowsMessage<CollectiveError>(HasSubstr("is text, not an HDF5 file")));
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
}  // namespace cleft::test::volume_writer
