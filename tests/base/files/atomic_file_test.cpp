#include "base/files/atomic_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/file_size_limit.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft {
namespace {

using test::file_bytes;

TEST(AtomicFile, writes_the_whole_content_and_leaves_nothing_beside_it) {
  const test::TempDirectory directory;
  const auto path = directory / "run.yaml";
  const std::string content = "a\0b\n" + std::string(100000, 'x');
  write_file_atomically(path, content);
  EXPECT_EQ(file_bytes(path), content);
  EXPECT_THAT(test::unfinished_in(directory.path()), testing::IsEmpty());
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
  const test::FileSizeLimit limit(1000);
  EXPECT_THAT([&] { write_file_atomically(path, std::string(2000, 'x')); },
              testing::ThrowsMessage<IoError>(path.string() + ": cannot be written (File too large)"));
  EXPECT_EQ(file_bytes(path), "before");
  EXPECT_THAT(test::unfinished_in(directory.path()), testing::IsEmpty());
}

TEST(AtomicFile, a_link_under_any_name_is_replaced_or_left_alone_but_never_followed) {
  const test::TempDirectory directory;
  const auto path = directory / "f", victim = directory / "victim";
  test::write_bytes(victim, "precious");
  for (const auto* name : {"f", "f.part", "f.0123456789abcdef.part"})
    std::filesystem::create_symlink(victim, directory / name);
  write_file_atomically(path, "content");
  EXPECT_EQ(file_bytes(victim), "precious");
  EXPECT_EQ(file_bytes(path), "content");
  EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(path)));
}

TEST(AtomicFile, a_new_file_is_made_only_where_nothing_is) {
  const test::TempDirectory directory;
  const auto there = directory / "there", link = directory / "link", nowhere = directory / "nowhere";
  test::write_bytes(there, "mine");
  std::filesystem::create_symlink(nowhere, link);
  for (const auto& path : {there, link})
    EXPECT_THAT([&] { create_new_file(path, "f"); },
                testing::ThrowsMessage<IoError>("f: cannot be written (File exists)"));
  EXPECT_EQ(file_bytes(there), "mine");
  EXPECT_FALSE(std::filesystem::exists(nowhere));
}

TEST(AtomicFile, no_two_temporary_names_are_the_same) {
  const auto a = temporary_name("folder/f"), b = temporary_name("folder/f");
  EXPECT_NE(a, b);
  EXPECT_THAT(a.string(), testing::MatchesRegex("folder/f\\.[0-9a-f]+\\.part"));
  EXPECT_EQ(a.string().size(), std::string("folder/f.0123456789abcdef.part").size());
}

TEST(AtomicFile, leftovers_of_the_same_file_go_and_nothing_else) {
  const test::TempDirectory directory;
  const auto path = directory / "f";
  test::write_bytes(temporary_name(path), "half");
  std::filesystem::create_directory(directory / "f.0123456789abcdef.part");
  for (const auto* name : {"f", "f.part", "g.0123456789abcdef.part", "f.h5.0123456789abcdef.part",
                           "f.0123456789abcdeg.part", "f.0123456789abcdef.par"})
    test::write_bytes(directory / name, "mine");
  remove_leftovers(path);
  std::size_t left = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory.path())) ++left;
  EXPECT_EQ(left, 7U);
  EXPECT_TRUE(std::filesystem::is_directory(directory / "f.0123456789abcdef.part"));
  EXPECT_NO_THROW(remove_leftovers(directory / "no/folder"));
}

}  // namespace
}  // namespace cleft
