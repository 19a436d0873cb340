#include "base/files/atomic_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::file_bytes;

TEST(AtomicFile, writes_the_whole_content_and_leaves_nothing_beside_it) {
  const test::TempDirectory directory;
  const auto path = directory / "run.yaml";
  const std::string content = "a\0b\n" + std::string(100000, 'x');
  write_file_atomically(path, content);
  EXPECT_EQ(file_bytes(path), content);
  EXPECT_FALSE(std::filesystem::exists(unfinished_name(path)));
}

TEST(AtomicFile, replaces_what_was_there) {
  const test::TempDirectory directory;
  write_file_atomically(directory / "f", "a long first content");
  write_file_atomically(directory / "f", "short");
  EXPECT_EQ(file_bytes(directory / "f"), "short");
}

TEST(AtomicFile, names_the_file_and_the_reason_when_its_folder_is_missing) {
  const test::TempDirectory directory;
  const auto path = directory / "missing/f";
  try {
    write_file_atomically(path, "content");
    FAIL() << "no error";
  } catch (const IoError& e) {
    EXPECT_EQ(e.what(), path.string() + ": cannot be written (No such file or directory)");
  }
}

TEST(AtomicFile, a_full_disk_changes_nothing_under_the_final_name) {
  const test::TempDirectory directory;
  const auto path = directory / "f";
  write_file_atomically(path, "before");
  // Every write to /dev/full fails as on a full disk.
  std::filesystem::create_symlink("/dev/full", unfinished_name(path));
  try {
    write_file_atomically(path, "after");
    FAIL() << "no error";
  } catch (const IoError& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("No space left on device"));
  }
  EXPECT_EQ(file_bytes(path), "before");
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(unfinished_name(path))));
}

}  // namespace
}  // namespace cleft
