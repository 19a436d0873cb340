#include "base/files/fingerprint.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using test::TempDirectory;
using Paths = std::vector<std::filesystem::path>;

TEST(ContentFingerprint, neither_a_copy_nor_a_touched_nor_a_moved_file_is_another_input) {
  const TempDirectory temp;
  test::write_bytes(temp / "a", std::string(100000, 'x'));
  const json before = content_fingerprint(Paths{temp / "a"});
  EXPECT_EQ(before["bytes"], 100000);
  std::filesystem::last_write_time(temp / "a",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  std::filesystem::copy_file(temp / "a", temp / "b");
  EXPECT_EQ(content_fingerprint(Paths{temp / "a"}), before);
  EXPECT_EQ(content_fingerprint(Paths{temp / "b"}), before);
}

TEST(ContentFingerprint, every_byte_of_a_small_input_counts) {
  const TempDirectory temp;
  std::string bytes(70000, 'x');
  test::write_bytes(temp / "a", bytes);
  const json before = content_fingerprint(Paths{temp / "a"});
  for (const std::size_t at : {0, 1, 32767, 32768, 50000, 69999}) {
    std::string other = bytes;
    other[at] = 'y';
    test::write_bytes(temp / "a", other);
    EXPECT_NE(content_fingerprint(Paths{temp / "a"}), before) << at;
  }
  test::write_bytes(temp / "a", bytes + "x");
  EXPECT_NE(content_fingerprint(Paths{temp / "a"}), before);
}

TEST(ContentFingerprint, of_a_large_input_pieces_from_the_first_byte_to_the_last_count) {
  const TempDirectory temp;
  constexpr std::size_t size = 20'000'003;
  std::string bytes(size, 'x');
  test::write_bytes(temp / "a", bytes);
  const json before = content_fingerprint(Paths{temp / "a"});
  EXPECT_EQ(content_fingerprint(Paths{temp / "a"}), before);
  int noticed = 0;
  for (std::size_t at = 0; at < size; at += 999'983) {
    std::string other = bytes;
    for (std::size_t i = at; i < std::min(size, at + 200'000); ++i) other[i] = 'y';
    test::write_bytes(temp / "a", other);
    noticed += content_fingerprint(Paths{temp / "a"}) != before ? 1 : 0;
  }
  EXPECT_EQ(noticed, 21);  // 200 kB is more than lies between two pieces
  for (const std::size_t at : {std::size_t{0}, size - 1}) {
    std::string other = bytes;
    other[at] = 'y';
    test::write_bytes(temp / "a", other);
    EXPECT_NE(content_fingerprint(Paths{temp / "a"}), before) << at;
  }
}

TEST(ContentFingerprint, of_several_files_where_one_ends_counts) {
  const TempDirectory temp;
  test::write_bytes(temp / "a", "12");
  test::write_bytes(temp / "b", "3");
  const json before = content_fingerprint(Paths{temp / "a", temp / "b"});
  EXPECT_EQ(before["bytes"], 3);
  test::write_bytes(temp / "a", "1");
  test::write_bytes(temp / "b", "23");
  EXPECT_NE(content_fingerprint(Paths{temp / "a", temp / "b"}), before);
}

TEST(ContentFingerprint, of_a_missing_file_is_an_error_that_names_it) {
  EXPECT_THROW(content_fingerprint(Paths{"/no/such/file"}), InputError);
}

TEST(FileFingerprint, of_0_1_0_tells_files_apart_by_name_size_and_time) {
  const TempDirectory temp;
  test::write_bytes(temp / "a", "123");
  const auto second = std::filesystem::file_time_type(std::chrono::seconds(1'700'000'000));
  std::filesystem::last_write_time(temp / "a", second);
  const json before = file_fingerprint_of_0_1_0(temp / "a");
  EXPECT_EQ(before["path"], (temp / "a").string());
  EXPECT_EQ(before["bytes"], 3);
  EXPECT_EQ(file_fingerprint_of_0_1_0(temp / "a"), before);
  std::filesystem::last_write_time(temp / "a", second + std::chrono::milliseconds(3));
  EXPECT_NE(file_fingerprint_of_0_1_0(temp / "a"), before);
  EXPECT_THROW(file_fingerprint_of_0_1_0("/no/such/file"), InputError);
}

}  // namespace
}  // namespace cleft
