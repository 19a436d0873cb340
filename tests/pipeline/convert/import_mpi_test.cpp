#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "io/h5/file.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "pipeline/convert/import.hpp"
#include "pipeline/convert/import_checks.hpp"
#include "support/temp_directory.hpp"
#include "support/tiff_bytes.hpp"
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
    ImportOptions options;
    options.source = dir.path().string();
    options.output = {dir / "out.h5", ""};
    options.voxel_size = {45, 4.6, 4.6};
    return options;
  }
  template <class T>
  void expect_stack(const VolumePath& path, int count) {
    const VolumeReader reader(path);
    ASSERT_EQ(reader.extent(), (Extent{count, height, width}));
    EXPECT_EQ(reader.voxel_size(), (VoxelSize{45, 4.6, 4.6}));
    EXPECT_EQ(reader.type(), element_type_of<T>());
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

TEST_F(ImportTest, WhatAFileHoldsBesidesIsNamedBeforeItIsReplaced) {
  write_stack<std::uint8_t>(3);
  auto given = options();
  if (comm.is_root())
    h5::write_file(given.output.file, [](h5::File& file) {
      for (const char* name : {"labels", "raw"}) file.write(name, std::vector<std::uint8_t>{1, 2});
    });
  comm.barrier();
  EXPECT_THAT([&] { run_import(comm, given); },
              ThrowsMessage<CollectiveError>(
                  HasSubstr("out.h5: is there already, with /labels, /raw in it; expected a new name")));
  given.replace = true;
  testing::internal::CaptureStderr();
  run_import(comm, given);
  const std::string said = testing::internal::GetCapturedStderr();
  if (comm.is_root()) {
    EXPECT_THAT(said,
                HasSubstr("out.h5: is replaced as a whole (--force), and /labels in it will be gone\n"));
  }
  expect_stack<std::uint8_t>({given.output.file, "/raw"}, 3);
  testing::internal::CaptureStderr();
  run_import(comm, given);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(HasSubstr("will be gone")));
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
  for (const double nm : {0.0, -4.0, 1e-320, 1e300, std::nan(""), HUGE_VAL}) {
    given.voxel_size->y = nm;
    expect_refused(given, fmt::format("--voxel-size: {} nm; expected three lengths above 0", nm));
  }
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

TEST_F(ImportTest, AChunkIsNoLargerThanTheVolume) {
  write_stack<std::uint8_t>(3);
  auto given = options();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  given.chunk = Extent{most, most, most};
  run_import(comm, given);
  expect_stack<std::uint8_t>({given.output.file, "/raw"}, 3);
}

TEST_F(ImportTest, AChunkThatHdf5HasNotIsRefused) {
  SectionList list;
  list.file_of.assign(100000, 0);
  list.height = list.width = 100000;
  ImportOptions given = options();
  given.chunk = Extent{1000, 10000, 10000};
  EXPECT_THAT([&] { import_chunk(given, list); },
              ThrowsMessage<InputError>(HasSubstr("--chunk: 1000 x 10000 x 10000")));
  given.chunk = Extent{100000, 8, 8};
  EXPECT_THAT([&] { import_chunk(given, list); },
              ThrowsMessage<InputError>(HasSubstr("--chunk: 100000 sections of 9.31 GiB are in the memory")));
}

TEST_F(ImportTest, ImplausibleVoxelsAreRefusedUnlessTrusted) {
  write_stack<std::uint8_t>(2);
  auto given = options();
  for (const VoxelSize& size : {VoxelSize{0.045, 0.0046, 0.0046}, VoxelSize{45000, 4600, 4600}}) {
    given.voxel_size = size;
    expect_refused(given, "0.5 to 2000 nm along each axis, or --trust-voxel-size");
  }
  given.trust_voxel_size = true;
  run_import(comm, given);
  EXPECT_EQ(VolumeReader({given.output.file, "/raw"}).voxel_size(), (VoxelSize{45000, 4600, 4600}));
}

TEST_F(ImportTest, TheFilesVoxelSizeCountsAndIsCompared) {
  const auto page = test::plain_page(4, 5, std::string(20, 'a'),
                                     {test::tiff_text(270, "ImageJ=1\nimages=1\nunit=micron\nspacing=0.04\n"),
                                      {282, test::TiffType::rational, {1000000, 4600}},
                                      {283, test::TiffType::rational, {1000000, 4600}}});
  if (comm.is_root()) test::write_bytes(dir / "s.tif", test::tiff_bytes({page}).bytes);
  comm.barrier();
  auto given = options();
  given.source = (dir / "s.tif").string();
  given.voxel_size.reset();
  run_import(comm, given);
  EXPECT_EQ(VolumeReader({given.output.file, "/raw"}).voxel_size(), (VoxelSize{40, 4.6, 4.6}));
  given.output.file = dir / "other.h5";
  given.voxel_size = {40, 4.6, 5};
  expect_refused(given,
                 "s.tif (ImageJ) states z 40, y 4.6, x 4.6 nm; expected the same, or --trust-voxel-size");
  given.voxel_size = {40, 4.601, 4.6};
  run_import(comm, given);
  given.output.file = dir / "third.h5";
  given.voxel_size = {30, 4.6, 5};
  given.trust_voxel_size = true;
  run_import(comm, given);
  EXPECT_EQ(VolumeReader({given.output.file, "/raw"}).voxel_size(), (VoxelSize{30, 4.6, 5}));
}

TEST_F(ImportTest, WithoutAnyVoxelSizeTheOptionIsAskedFor) {
  write_stack<std::uint8_t>(2);
  auto given = options();
  given.voxel_size.reset();
  expect_refused(given, "--voxel-size: not given, and " + dir.path().string() + " does not state it");
  if (comm.is_root())
    test::write_bytes(dir / "one.tif",
                      test::tiff_bytes({test::plain_page(1, 1, "a",
                                                         {test::tiff_text(270, "ImageJ=1\nunit=um\n"),
                                                          {282, test::TiffType::rational, {250, 1}}})})
                          .bytes);
  comm.barrier();
  given.source = (dir / "one.tif").string();
  expect_refused(given, "one.tif (ImageJ) states only x 4 nm");
}

template <class T>
class ImportOfType : public ImportTest {};
using Types = testing::Types<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t,
                             std::int32_t, std::uint64_t, std::int64_t, float, double>;
TYPED_TEST_SUITE(ImportOfType, Types);

TYPED_TEST(ImportOfType, ValuesKeepTheirType) {
  using T = TypeParam;
  const auto picture = counted_picture<T>(height, width);
  const auto format = std::is_floating_point_v<T> ? SAMPLEFORMAT_IEEEFP
                      : std::is_signed_v<T>       ? SAMPLEFORMAT_INT
                                                  : SAMPLEFORMAT_UINT;
  if (this->comm.is_root())
    test::write_tiff<T>(this->dir / "s.tif", {picture},
                        {.sample_format = static_cast<std::uint16_t>(format)});
  this->comm.barrier();
  auto given = this->options();
  given.source = (this->dir / "s.tif").string();
  run_import(this->comm, given);
  const VolumeReader reader({given.output.file, "/raw"});
  ASSERT_EQ(reader.type(), element_type_of<T>());
  Array3<float> found(reader.extent());
  reader.read(whole_box(reader.extent()), found.view());
  for (std::size_t i = 0; i < picture.values.size(); ++i)
    ASSERT_EQ(found.data()[i], static_cast<float>(picture.values[i])) << i;
}

TEST_F(ImportTest, MissingSectionsAreFilledAndListed) {
  write_stack<std::uint8_t>(9);
  if (comm.is_root())
    for (const int z : {3, 6, 7}) std::filesystem::remove(dir / ("s" + std::to_string(z) + ".tif"));
  comm.barrier();
  auto given = options();
  given.chunk = Extent{2, 32, 32};
  expect_refused(given, "s2.tif: is followed by s4.tif; expected number 3: a section is missing; --missing");
  given.stack.missing = FillMissing::repeat;
  run_import(comm, given);
  const VolumeReader reader({given.output.file, "/raw"});
  EXPECT_EQ(reader.extent().z, 9);
  Array3<std::uint8_t> found(reader.extent());
  reader.read(whole_box(reader.extent()), found.view());
  for (const auto& [z, source] :
       std::vector<std::pair<int, int>>{{2, 2}, {3, 2}, {4, 4}, {6, 5}, {7, 5}, {8, 8}}) {
    const auto expected = counted_picture<std::uint8_t>(height, width, source).values;
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), found.row(z, 0))) << z;
  }
  const auto file = h5::File::open_read(given.output.file);
  EXPECT_THAT(file.dataset("/raw").attribute<std::int64_t>("missing_sections"),
              testing::ElementsAre(3, 6, 7));
  EXPECT_THAT(reader.source().texts("missing_sections_are"),
              testing::ElementsAre("3, 6, 7: the section before stands there"));
}

TEST_F(ImportTest, AStackThatChangesMeanwhileIsAnError) {
  write_stack<std::uint8_t>(6);
  const auto given = options();
  ImageStack stack;
  if (comm.is_root()) {
    stack = find_stack(given.source);
    test::write_tiff<std::uint8_t>(dir / "s4.tif", {counted_picture<std::uint8_t>(height, width, 99)});
    std::filesystem::last_write_time(dir / "s4.tif", std::filesystem::file_time_type());
  }
  EXPECT_THAT([&] { import_stack(comm, stack, given); },
              ThrowsMessage<CollectiveError>(HasSubstr("s4.tif: was changed while it was imported")));
  comm.barrier();
  EXPECT_FALSE(std::filesystem::exists(given.output.file));
  EXPECT_FALSE(std::filesystem::exists(unfinished_name(given.output.file)));
  comm.barrier();
}

TEST_F(ImportTest, ADamagedPageIsNoticedBeforeAnythingIsWritten) {
  if (comm.is_root()) {
    const auto page = test::plain_page(4, 5, std::string(20, 'a'));
    const std::string bytes = test::tiff_bytes({page, page, page, page}).bytes;
    test::write_bytes(dir / "cut.tif", bytes.substr(0, bytes.size() * 3 / 5));
  }
  comm.barrier();
  auto given = options();
  given.source = (dir / "cut.tif").string();
  expect_refused(given, "cut.tif page 3: cannot be read");
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
