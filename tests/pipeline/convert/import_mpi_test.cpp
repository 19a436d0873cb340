#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/files/atomic_file.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "pipeline/convert/import.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::counted_picture;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr int height = 21, width = 34;

class ImportTest : public testing::Test {
 protected:
  /// Sections s0 … as TIFF files; rank 0 writes them.
  template <class T>
  void write_stack(int count) {
    if (comm.is_root())
      for (int z = 0; z < count; ++z)
        test::write_tiff<T>(dir / ("s" + std::to_string(z) + ".tif"), {counted_picture<T>(height, width, z)});
    comm.barrier();
  }
  ImportOptions options() const {
    return {.source = dir.path().string(),
            .output = {dir / "out.h5", ""},
            .voxel_size = {45, 4.6, 4.6},
            .chunk = {}};
  }
  template <class T>
  void expect_stack(const VolumePath& path, int count) {
    const VolumeReader reader(path);
    ASSERT_EQ(reader.extent(), (Extent{count, height, width}));
    EXPECT_EQ(reader.voxel_size(), (VoxelSize{45, 4.6, 4.6}));
    EXPECT_EQ(reader.type(), sizeof(T) == 1 ? ElementType::uint8 : ElementType::uint16);
    Array3<T> found(reader.extent());
    reader.read(whole_box(reader.extent()), found.view());
    for (int z = 0; z < count; ++z) {
      const auto expected = counted_picture<T>(height, width, z).values;
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(), found.row(z, 0))) << "section " << z;
    }
  }
  void expect_refused(const ImportOptions& given, const std::string& message) {
    EXPECT_THAT([&] { run_import(comm, given); }, ThrowsMessage<CollectiveError>(HasSubstr(message)));
    comm.barrier();
    EXPECT_FALSE(std::filesystem::exists(given.output.file));
    EXPECT_THAT(test::unfinished_in(dir.path()), testing::IsEmpty());
    comm.barrier();
  }

  Communicator comm = Communicator::world();
  test::TempDirectory dir{comm};
};

TEST_F(ImportTest, EverySectionIsInTheVolumeVoxelForVoxel) {
  write_stack<std::uint8_t>(13);
  auto given = options();
  for (const Extent& chunk : {Extent{1, 8, 8}, Extent{2, 16, 40}, Extent{5, 7, 9}, Extent{64, 64, 64}}) {
    given.chunk = chunk;
    given.replace = true;
    run_import(comm, given);
    expect_stack<std::uint8_t>({given.output.file, "/raw"}, 13);
    EXPECT_EQ(VolumeReader(given.output).chunk(),
              (Extent{std::min<std::int64_t>(chunk.z, 13), std::min<std::int64_t>(chunk.y, height),
                      std::min<std::int64_t>(chunk.x, width)}));
  }
}

TEST_F(ImportTest, SixteenBitsAndADatasetOfAnyName) {
  write_stack<std::uint16_t>(5);
  auto given = options();
  given.output.dataset = "/volumes/raw";
  given.chunk = Extent{2, 8, 8};
  run_import(comm, given);
  expect_stack<std::uint16_t>(given.output, 5);
}

TEST_F(ImportTest, PagesOfOneFile) {
  if (comm.is_root()) {
    std::vector<test::Picture<std::uint8_t>> pages;
    for (int z = 0; z < 9; ++z) pages.push_back(counted_picture<std::uint8_t>(height, width, z));
    test::write_tiff(dir / "stack.tif", pages, {.compression = COMPRESSION_LZW});
  }
  comm.barrier();
  auto given = options();
  given.source = (dir / "stack.tif").string();
  given.chunk = Extent{2, 32, 32};
  run_import(comm, given);
  expect_stack<std::uint8_t>({given.output.file, "/raw"}, 9);
}

TEST_F(ImportTest, TheSameStackTwiceGivesTheSameBytes) {
  write_stack<std::uint8_t>(6);
  auto given = options();
  given.chunk = Extent{2, 8, 8};
  run_import(comm, given);
  const auto first = given.output.file;
  given.output.file = dir / "again.h5";
  run_import(comm, given);
  EXPECT_TRUE(test::file_bytes(first) == test::file_bytes(given.output.file));
}

TEST_F(ImportTest, AnExistingFileIsReplacedOnlyWhenAsked) {
  write_stack<std::uint8_t>(3);
  auto given = options();
  if (comm.is_root()) test::write_bytes(given.output.file, "mine");
  comm.barrier();
  EXPECT_THAT(
      [&] { run_import(comm, given); },
      ThrowsMessage<CollectiveError>(HasSubstr("out.h5: is there already; expected a new name, or --force")));
  EXPECT_EQ(test::file_bytes(given.output.file), "mine");
  comm.barrier();
  given.replace = true;
  run_import(comm, given);
  expect_stack<std::uint8_t>({given.output.file, "/raw"}, 3);
}

TEST_F(ImportTest, ABadSectionOfAnyRankIsOneErrorThatNamesIt) {
  write_stack<std::uint8_t>(8);
  auto given = options();
  given.chunk = Extent{1, 32, 32};
  if (comm.is_root())
    test::write_tiff<std::uint8_t>(dir / "s7.tif", {counted_picture<std::uint8_t>(height, width + 1)});
  comm.barrier();
  expect_refused(given, "s7.tif: is 21 x 35 uint8; expected 21 x 34 uint8 as the first section");
  if (comm.is_root()) {
    test::write_tiff<std::uint8_t>(dir / "s7.tif", {counted_picture<std::uint8_t>(height, width)});
    test::write_tiff<std::uint8_t>(dir / "s6.tif", {counted_picture<std::uint8_t>(height, width)},
                                   {.compression = COMPRESSION_LZW});
    std::string damaged = test::file_bytes(dir / "s6.tif");
    std::fill_n(damaged.begin() + 8, 40, '\xff');
    test::write_bytes(dir / "s6.tif", damaged);
  }
  comm.barrier();
  expect_refused(given, "s6.tif: cannot be read at row");
}

TEST_F(ImportTest, WhatCannotBeMeantIsRefused) {
  write_stack<std::uint8_t>(2);
  auto given = options();
  given.output.file = dir / "out.tif";
  expect_refused(given, "out.tif: is not the name of an HDF5 file; expected FILE.h5 or FILE.h5/DATASET");
  given = options();
  given.voxel_size.y = 0;
  expect_refused(given, "--voxel-size: 0 nm; expected three lengths above 0");
  given = options();
  given.chunk = Extent{1, 0, 8};
  expect_refused(given, "--chunk: 0 voxels; expected three numbers of at least 1");
  given = options();
  given.source = (dir / "none").string();
  expect_refused(given, "none: there is no such file or folder");
  given = options();
  given.output.file = (dir / "none") / "out.h5";
  expect_refused(given, "out.h5: its folder does not exist");
}

TEST(DefaultChunk, HoldsAboutAsManyVoxelsHoweverFlat) {
  constexpr std::int64_t many = 5000;
  EXPECT_EQ(default_chunk(many, 1024 * 1024), (Extent{64, 64, 64}));
  EXPECT_EQ(default_chunk(many, std::int64_t{8192} * 8192), (Extent{16, 128, 128}));
  EXPECT_EQ(default_chunk(many, std::int64_t{16384} * 16384), (Extent{4, 256, 256}));
  EXPECT_EQ(default_chunk(many, std::int64_t{1} << 31), (Extent{1, 512, 512}));
}

TEST(DefaultChunk, LeavesSectionsOfAThinStackForSeveralRanks) {
  for (const std::int64_t sections : {1, 2, 15, 20, 64, 100, 250, 960, 961, 5000}) {
    const std::int64_t slabs = [&] {
      const auto thickness = default_chunk(sections, 1 << 20).z;
      return (sections + thickness - 1) / thickness;
    }();
    EXPECT_GE(slabs, std::min<std::int64_t>(sections, 16)) << sections;
  }
}

}  // namespace
}  // namespace cleft
