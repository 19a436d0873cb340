#include "base/wait_until_read.hpp"

#include <array>
#include <future>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WaitUntilRead : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe(ends_.data()), 0); }
  void TearDown() override {
    for (const int end : ends_) ::close(end);
  }
  void write_line() { EXPECT_EQ(::write(ends_[1], "line\n", 5), 5); }
  void read_line() {
    std::array<char, 5> line{};
    EXPECT_EQ(::read(ends_[0], line.data(), line.size()), 5);
  }
  std::array<int, 2> ends_{};
};

TEST_F(WaitUntilRead, WaitsForTheReaderOfAPipe) {
  EXPECT_TRUE(wait_until_read(ends_[1], seconds(0))) << "nothing was written";
  write_line();
  auto waiting = std::async(std::launch::async, [&] { return wait_until_read(ends_[1], seconds(60)); });
  EXPECT_EQ(waiting.wait_for(milliseconds(50)), std::future_status::timeout);
  read_line();
  EXPECT_TRUE(waiting.get());
}

TEST_F(WaitUntilRead, GivesUpOnAReaderThatDoesNotRead) {
  write_line();
  EXPECT_FALSE(wait_until_read(ends_[1], milliseconds(5)));
}

TEST_F(WaitUntilRead, DoesNotWaitForFiles) {
  const test::TempDirectory directory;
  test::write_bytes(directory / "log", "line\n");
  const int file = ::open((directory / "log").c_str(), O_WRONLY | O_APPEND);
  EXPECT_TRUE(wait_until_read(file, seconds(60)));
  ::close(file);
}

}  // namespace
}  // namespace cleft
