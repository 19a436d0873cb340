#include "base/files/fingerprint.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using test::TempDirectory;

TEST(FileFingerprint, tells_files_apart_by_name_size_and_time) {
  const TempDirectory temp;
  test::write_bytes(temp / "a", "123");
  const json before = file_fingerprint(temp / "a");
  EXPECT_EQ(before["path"], (temp / "a").string());
  EXPECT_EQ(before["bytes"], 3);
  EXPECT_EQ(file_fingerprint(temp / "a"), before);
  std::filesystem::last_write_time(temp / "a",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_NE(file_fingerprint(temp / "a"), before);
}

TEST(FileFingerprint, tells_files_apart_that_were_written_within_a_second) {
  const TempDirectory temp;
  test::write_bytes(temp / "a", "123");
  const auto second = std::filesystem::file_time_type(std::chrono::seconds(1'700'000'000));
  std::filesystem::last_write_time(temp / "a", second);
  const json before = file_fingerprint(temp / "a");
  std::filesystem::last_write_time(temp / "a", second + std::chrono::milliseconds(3));
  EXPECT_NE(file_fingerprint(temp / "a"), before);
}

TEST(FileFingerprint, of_a_missing_file_is_an_error_that_names_it) {
  EXPECT_THROW(file_fingerprint("/no/such/file"), InputError);
  EXPECT_THROW(file_fingerprint("/dev/null/file"), IoError);
}

}  // namespace
}  // namespace cleft
