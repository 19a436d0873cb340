#include "pipeline/run/run_lock.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::TempDirectory;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

constexpr std::chrono::milliseconds at_once(0);

TEST(RunLock, is_had_by_one_at_a_time) {
  const TempDirectory temp;
  const RunFiles files(temp / "results");
  {
    const RunLock first(files, at_once);
    EXPECT_THAT([&] { RunLock(files, at_once); },
                ThrowsMessage<IoError>(HasSubstr("another cleft is running in it")));
  }
  EXPECT_NO_THROW(RunLock(files, at_once));
}

TEST(RunLock, tells_what_was_not_there_before) {
  const TempDirectory temp;
  const RunFiles files(temp / "results");
  EXPECT_THAT(RunLock(files, at_once).missing_before(),
              ElementsAre(files.configuration, files.lock, files.directory));
  test::write_bytes(files.configuration, "model: my.h5\n");
  EXPECT_THAT(RunLock(files, at_once).missing_before(), IsEmpty());
}

TEST(RunLock, is_no_link_and_no_folder) {
  const TempDirectory temp;
  const RunFiles files(temp / "results");
  std::filesystem::create_directories(files.lock);
  EXPECT_THAT([&] { RunLock(files, at_once); }, ThrowsMessage<InputError>(HasSubstr("is a directory")));
  std::filesystem::remove(files.lock);
  std::filesystem::create_symlink(temp / "elsewhere", files.lock);
  EXPECT_THAT([&] { RunLock(files, at_once); }, ThrowsMessage<InputError>(HasSubstr("is a link")));
  EXPECT_FALSE(std::filesystem::exists(temp / "elsewhere"));
}

}  // namespace
}  // namespace cleft
