#include "base/files/file_stamp.hpp"

#include <chrono>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(FileStamp, SaysWhatHasChanged) {
  const test::TempDirectory temp;
  const auto file = temp / "a";
  test::write_bytes(file, "123");
  const FileStamp before = stamp_of(file);
  EXPECT_EQ(before.bytes, 3);
  EXPECT_NO_THROW(check_unchanged(file, before, stamp_of(file)));
  test::write_bytes(file, "12");
  EXPECT_THAT([&] { check_unchanged(file, before, stamp_of(file)); },
              ThrowsMessage<IoError>(HasSubstr("a: had 3 bytes when it was opened and has 2 now")));
  test::write_bytes(file, "124");
  std::filesystem::last_write_time(file,
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_THAT([&] { check_unchanged(file, before, stamp_of(file)); },
              ThrowsMessage<IoError>(HasSubstr("a: was written to while it was read")));
}

TEST(FileStamp, OfAnOpenFileStaysThatOfTheFile) {
  const test::TempDirectory temp;
  const auto file = temp / "a";
  test::write_bytes(file, "123");
  const int descriptor = ::open(file.c_str(), O_RDONLY);
  const FileStamp before = stamp_of(descriptor, file);
  test::write_bytes(temp / "b", "other");
  std::filesystem::rename(temp / "b", file);
  EXPECT_EQ(stamp_of(descriptor, file), before);
  EXPECT_NE(stamp_of(file), before);
  ::close(descriptor);
}

}  // namespace
}  // namespace cleft
