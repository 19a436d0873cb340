#include "base/files/disk_space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "support/file_size_limit.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class DiskSpace : public testing::Test {
 protected:
  DiskSpace() { test::write_bytes(file, "twelve bytes"); }
  std::int64_t bytes_on_disk() const {
    struct stat found {};
    ::stat(file.c_str(), &found);
    return static_cast<std::int64_t>(found.st_blocks) * 512;
  }
  test::TempDirectory dir;
  std::filesystem::path file = dir / "a";
};

TEST_F(DiskSpace, ReservingChangesNeitherSizeNorContent) {
  reserve_space(file, 1 << 20, file);
  EXPECT_EQ(test::file_bytes(file), "twelve bytes");
  release_space(file);
  EXPECT_EQ(test::file_bytes(file), "twelve bytes");
  EXPECT_LT(bytes_on_disk(), 1 << 20);
}

TEST_F(DiskSpace, MoreThanIsAllowedIsAnErrorThatNamesTheFile) {
  const test::FileSizeLimit limit(1 << 20);
  EXPECT_NO_THROW(reserve_space(file, 1 << 20, file));
  EXPECT_THAT([&] { reserve_space(file, 3 << 20, file); },
              ThrowsMessage<IoError>(
                  HasSubstr("/a: cannot grow to 3.0 MiB (File too large); expected that much free space")));
}

TEST_F(DiskSpace, MoreThanIsFreeIsAnErrorThatNamesBothAndTakesNothing) {
  const auto before = bytes_on_disk();
  const std::string number_and_unit = "[0-9]+\\.[0-9] [MGT]iB";
  EXPECT_THAT([&] { reserve_space(file, std::int64_t{3} << 50U, file); },
              ThrowsMessage<IoError>(testing::ContainsRegex(
                  "/a: cannot grow to 3.0 PiB \\(No space left on device\\); expected that much free space, "
                  "but " +
                  number_and_unit + " are free")));
  EXPECT_EQ(bytes_on_disk(), before);
}

TEST_F(DiskSpace, AFileThatIsNotThereIsAnError) {
  EXPECT_THAT([&] { reserve_space(dir / "none", 100, dir / "none"); },
              ThrowsMessage<IoError>(HasSubstr("none: cannot grow")));
  EXPECT_THAT([&] { release_space(dir / "none"); },
              ThrowsMessage<IoError>(HasSubstr("none: cannot be written (No such file")));
}

}  // namespace
}  // namespace cleft
