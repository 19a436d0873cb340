#include "base/files/regular_file.hpp"

#include <filesystem>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Throws;
using testing::ThrowsMessage;

class RegularFileTest : public testing::Test {
 protected:
  const test::TempDirectory directory_;
};

TEST_F(RegularFileTest, IsReadToItsEnd) {
  const std::string content = std::string(200'000, 'a') + '\0' + "end";
  test::write_bytes(directory_ / "f", content);
  EXPECT_EQ(read_regular_file(directory_ / "f", "a text", 1 << 20), content);
  test::write_bytes(directory_ / "empty", "");
  EXPECT_EQ(read_regular_file(directory_ / "empty", "a text", 1 << 20), "");
}

/// Sizes are not to be believed where a file grows; files of /proc say 0.
TEST_F(RegularFileTest, WithoutASizeIsReadToo) {
  EXPECT_THAT(read_regular_file("/proc/self/status", "a text", 1 << 20), HasSubstr("VmRSS"));
  EXPECT_THROW(read_regular_file("/proc/self/status", "a text", 20), InputError);
}

TEST_F(RegularFileTest, LargerThanExpectedIsRefused) {
  test::write_bytes(directory_ / "f", "abcdef");
  EXPECT_EQ(read_regular_file(directory_ / "f", "a text", 6), "abcdef");
  EXPECT_THAT([&] { read_regular_file(directory_ / "f", "a text", 5); },
              ThrowsMessage<InputError>(HasSubstr("f: has 6 bytes; expected a text of at most 5 bytes")));
}

TEST_F(RegularFileTest, ThatIsMissingIsTheUsersMistake) {
  test::write_bytes(directory_ / "f", "");
  for (const auto* const name : {"none", "none/f", "f/f"})
    EXPECT_THAT([&] { check_regular_file(directory_ / name, "a model"); },
                ThrowsMessage<InputError>(AllOf(HasSubstr((directory_ / name).string()),
                                                HasSubstr("there is no such file; expected a model"))));
}

TEST_F(RegularFileTest, IsNotTheOneWhoseNameEndsWhereANulIs) {
  test::write_bytes(directory_ / "f", "");
  const std::filesystem::path path((directory_ / "f").string() + std::string("\0.h5", 4));
  EXPECT_THAT([&] { check_regular_file(path, "a model"); },
              ThrowsMessage<InputError>(HasSubstr("f\\0.h5: is no name")));
}

/// A pipe that nobody writes to would be waited for, a device may be without end.
TEST_F(RegularFileTest, IsNothingElse) {
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = "regular_file_test.socket";  // the whole path may be too long for an address
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  name.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  std::filesystem::current_path(before);
  ASSERT_EQ(bound, 0);
  struct Case {
    std::filesystem::path path;
    const char* kind;
  };
  for (const auto& [path, kind] : {Case{directory_.path(), "is a directory"},
                                   {directory_ / "pipe", "is a pipe"},
                                   {directory_ / name, "is a socket"},
                                   {"/dev/null", "is a device"}}) {
    EXPECT_THAT([&] { check_regular_file(path, "a model"); },
                ThrowsMessage<InputError>(HasSubstr(std::string(kind) + "; expected a model")));
    EXPECT_THAT([&] { read_regular_file(path, "a model", 100); }, Throws<InputError>());
  }
  ::close(socket);
}

TEST_F(RegularFileTest, MayBeALinkToOneButNotToItself) {
  test::write_bytes(directory_ / "f", "abc");
  std::filesystem::create_symlink("f", directory_ / "link");
  std::filesystem::create_symlink("circle", directory_ / "circle");
  EXPECT_EQ(read_regular_file(directory_ / "link", "a text", 10), "abc");
  EXPECT_THAT([&] { check_regular_file(directory_ / "circle", "a model"); },
              ThrowsMessage<InputError>(HasSubstr("circle: cannot be followed: Too many levels")));
}

}  // namespace
}  // namespace cleft
