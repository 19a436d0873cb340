#include <algorithm>
#include <filesystem>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files/atomic_file.hpp"
#include "io/distributed/volume_writer.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "support/masks.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft::test {
namespace {

constexpr Extent extent{19, 33, 45};

class UnpublishedVolume : public testing::Test {
 protected:
  const Communicator comm = Communicator::world();
  const TempDirectory dir{comm};
  const std::filesystem::path path = dir / "v.h5";
};

TEST_F(UnpublishedVolume, OneRankAddsTablesAndAttributesBeforeTheFileIsPublished) {
  auto writer = VolumeWriter::create(comm, path);
  const auto voxels = random_mask(extent, 0.5, 3);
  auto volume = writer.create_volume<std::uint8_t>("/v", {.extent = extent, .chunk = {8, 16, 16}});
  writer.flush();
  if (comm.is_root()) writer.write_chunks<std::uint8_t>(volume, whole_box(extent), voxels.view());
  UnpublishedFile unpublished = writer.finish_unpublished();
  EXPECT_EQ(unpublished.empty(), !comm.is_root());
  EXPECT_FALSE(std::filesystem::exists(path));
  comm.barrier();
  if (comm.is_root()) {
    auto file = h5::File::open_write(unpublished.written());
    file.write("names", {"synapse"});
    file.dataset("/v").set_attribute("classes", "synapse");
    file.close();
    std::vector<UnpublishedFile> files;
    files.push_back(std::move(unpublished));
    publish(std::move(files));
  }
  comm.barrier();
  const VolumeReader reader({path, "/v"});
  Array3<std::uint8_t> found(reader.extent());
  reader.read(whole_box(extent), found.view());
  EXPECT_TRUE(std::ranges::equal(found.voxels(), voxels.voxels()));
  const auto file = h5::File::open_read(path);
  EXPECT_EQ(file.dataset("names").read<std::string>().front(), "synapse");
  EXPECT_EQ(file.dataset("v").scalar_attribute<std::string>("classes"), "synapse");
}

TEST_F(UnpublishedVolume, AFinishedFileThatNobodyPublishesGoes) {
  {
    auto writer = VolumeWriter::create(comm, path);
    const UnpublishedFile unpublished = writer.finish_unpublished();
    comm.barrier();
    EXPECT_EQ(unfinished_in(dir.path()).size(), 1U);
    comm.barrier();
  }
  comm.barrier();
  EXPECT_TRUE(unfinished_in(dir.path()).empty());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(UnpublishedVolume, NobodysLinkIsWrittenThrough) {
  // Under the name that is easy to guess, under one as ours, and under the final one.
  const auto mine = dir / "mine";
  if (comm.is_root()) {
    write_bytes(mine, "precious");
    for (const auto* name : {"v.h5", "v.h5.part", "v.h5.0123456789abcdef.part"})
      std::filesystem::create_symlink(mine, dir / name);
  }
  comm.barrier();
  VolumeWriter::create(comm, path).finish();
  EXPECT_EQ(file_bytes(mine), "precious");
  EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(path)));
  comm.barrier();
  EXPECT_THAT([&] { VolumeWriter::resume(comm, path); },
              testing::ThrowsMessage<CollectiveError>(
                  testing::HasSubstr("v.h5.part: is a link; expected a file that an earlier")));
  EXPECT_EQ(file_bytes(mine), "precious");
}

TEST_F(UnpublishedVolume, WhatAKilledProcessHasLeftOfTheSameFileGoes) {
  const std::vector<std::string> others{"v.h5.part", "v.h5.0123456789abcdeF.part",
                                        "v.h5.0123456789abcde.part", "w.h5.0123456789abcdef.part"};
  if (comm.is_root()) {
    write_bytes(dir / "v.h5.0123456789abcdef.part", "half");
    for (const auto& name : others) write_bytes(dir / name, "another's");
  }
  comm.barrier();
  VolumeWriter::create(comm, path).finish();
  EXPECT_FALSE(std::filesystem::exists(dir / "v.h5.0123456789abcdef.part"));
  for (const auto& name : others) EXPECT_EQ(file_bytes(dir / name), "another's") << name;
}

}  // namespace
}  // namespace cleft::test
