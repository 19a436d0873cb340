#include "blocks/files/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class ManifestTest : public testing::Test {
 protected:
  /// A file with a manifest of so many blocks, and nothing else.
  void create(std::int64_t block_count) const {
    h5::write_file(file, [&](h5::File& f) {
      const auto manifest = Manifest::create(f, block_count);
      EXPECT_EQ(manifest.marks().size(), static_cast<std::size_t>(block_count));
      EXPECT_THAT(manifest.marks(), Each(0));
    });
  }

  test::TempDirectory dir;
  const std::filesystem::path file = dir / "p.h5";
};

TEST_F(ManifestTest, BeginsWithEveryBlockPending) {
  create(5);
  const auto manifest = Manifest::open(h5::File::open_read(file), 5);
  EXPECT_THAT(manifest.marks(), ElementsAre(0, 0, 0, 0, 0));
  for (std::int64_t block = 0; block < 5; ++block) EXPECT_EQ(manifest.checksum(block), 0U);
}

TEST_F(ManifestTest, ABlockIsDoneOnceItIsMarkedAndKeepsItsChecksum) {
  create(4);
  constexpr std::uint64_t large = 0xfedcba9876543210U;
  {
    auto writable = h5::File::open_write(file);
    auto manifest = Manifest::open(writable, 4);
    manifest.mark_done(2, large);
    manifest.mark_done(0, 7);
    EXPECT_THAT(manifest.marks(), ElementsAre(0, 0, 0, 0)) << "what the file said when it was opened";
  }
  const auto manifest = Manifest::open(h5::File::open_read(file), 4);
  EXPECT_THAT(manifest.marks(), ElementsAre(1, 0, 1, 0));
  EXPECT_EQ(manifest.checksum(2), large);
  EXPECT_EQ(manifest.checksum(0), 7U);
  EXPECT_EQ(manifest.checksum(1), 0U);
}

TEST_F(ManifestTest, AnotherNumberOfBlocksIsRefused) {
  create(4);
  EXPECT_THAT(
      [&] { Manifest::open(h5::File::open_read(file), 5); },
      ThrowsMessage<InputError>(HasSubstr("p.h5:/manifest: has 4 entries; expected 5, one per block")));
}

TEST_F(ManifestTest, TakesTheBytesThatAreCountedForIt) {
  create(1000);
  const auto found = h5::File::open_read(file);
  EXPECT_EQ(static_cast<hsize_t>(Manifest::stored_bytes(1000)),
            H5Dget_storage_size(found.dataset("/manifest").id()) +
                H5Dget_storage_size(found.dataset("/checksums").id()));
}

}  // namespace
}  // namespace cleft
