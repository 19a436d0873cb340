#include "io/sealed_file.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft {
namespace {

constexpr SealedFormat format{"cleft thing", 3};

std::vector<char> content_of(std::size_t length) {
  std::vector<char> bytes(length);
  for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<char>(i * 7);
  return bytes;
}

class SealedFile : public testing::Test {
 protected:
  test::TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "thing.sealed";

  std::string bytes() const { return test::file_bytes(path_); }
  void put(const std::string& bytes) const { test::write_bytes(path_, bytes); }
  /// The message of the InputError that reading gives; empty when it gives none.
  std::string refusal() const {
    try {
      read_sealed(path_, format);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(SealedFile, GivesBackWhatWasWrittenAndItsChecksum) {
  for (const std::size_t length : {0U, 1U, 511U, 5000U}) {
    const auto content = content_of(length);
    EXPECT_EQ(write_sealed(path_, format, content), checksum(std::as_bytes(std::span(content))));
    const Sealed sealed = read_sealed(path_, format);
    EXPECT_EQ(sealed.content, content);
    EXPECT_EQ(sealed.checksum, checksum(std::as_bytes(std::span(content))));
    EXPECT_EQ(std::filesystem::file_size(path_), 512 + length);
  }
  EXPECT_THAT(test::unfinished_in(path_.parent_path()), testing::IsEmpty());
}

TEST_F(SealedFile, AFileWithRoomInFrontIsSealedWhereItStands) {
  for (const std::size_t length : {0U, 1U, 5000U, 5000000U}) {
    const auto content = content_of(length);
    test::write_bytes(path_, std::string(seal_bytes, 'x') + std::string(content.begin(), content.end()));
    seal_file(path_, format);
    const std::string sealed = bytes();
    EXPECT_NO_THROW(check_sealed(path_, format));
    EXPECT_EQ(read_sealed(path_, format).content, content);
    write_sealed(path_, format, content);
    EXPECT_EQ(bytes(), sealed) << "as if it had been written so";
  }
  test::write_bytes(path_, std::string(seal_bytes - 1, 'x'));
  EXPECT_THROW(seal_file(path_, format), InputError);
}

TEST_F(SealedFile, IsCheckedPieceByPieceForAFlippedBitInAnyByte) {
  write_sealed(path_, format, content_of(40));
  const std::string whole = bytes();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    test::write_bytes(path_, flipped);
    EXPECT_THROW(check_sealed(path_, format), InputError) << at;
  }
  for (const std::size_t length : {0U, 511U, 512U, 551U}) {
    test::write_bytes(path_, whole.substr(0, length));
    EXPECT_THROW(check_sealed(path_, format), InputError) << length;
  }
}

TEST_F(SealedFile, CanBeReadByAPersonAtItsBeginning) {
  write_sealed(path_, format, content_of(10));
  EXPECT_THAT(bytes(), testing::StartsWith("cleft thing\nformat 3\nbytes 10\nxxh64 "));
}

TEST_F(SealedFile, RefusesAFlippedBitInAnyByte) {
  write_sealed(path_, format, content_of(40));
  const std::string whole = bytes();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(static_cast<unsigned char>(flipped[i]) ^ (1U << (i % 8)));
    put(flipped);
    EXPECT_THAT(refusal(), testing::StartsWith(path_.string())) << "byte " << i;
  }
}

TEST_F(SealedFile, RefusesEveryTruncationAndWhatIsTooLong) {
  write_sealed(path_, format, content_of(40));
  const std::string whole = bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put(whole.substr(0, length));
    EXPECT_THAT(refusal(), testing::HasSubstr(length < 12 ? "is not a cleft thing" : "truncated")) << length;
  }
  put(whole + "x");
  EXPECT_THAT(refusal(), testing::HasSubstr("the file is damaged"));
}

TEST_F(SealedFile, RefusesOtherFilesNewerVersionsAndMissingFilesWithTheReason) {
  EXPECT_THAT(refusal(), testing::HasSubstr("there is no such file"));
  put(std::string(2000, 'x'));
  EXPECT_THAT(refusal(), testing::HasSubstr("is not a cleft thing"));
  write_sealed(path_, {"cleft thing", 4}, content_of(9));
  EXPECT_THAT(refusal(), testing::HasSubstr("is a cleft thing of format 4; expected format 3"));
  EXPECT_THROW(read_sealed(directory_.path(), format), InputError);
}

TEST_F(SealedFile, LeavesWhatWasThereWhenItCannotBeWritten) {
  EXPECT_THROW(write_sealed(path_.string() + "/no/such/folder", format, content_of(3)), IoError);
}

}  // namespace
}  // namespace cleft
