#include "base/files/replace.hpp"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class Replace : public testing::Test {
 protected:
  Replace() { test::write_bytes(there_, "x"); }
  const test::TempDirectory directory_;
  const std::filesystem::path there_ = directory_ / "out.h5", missing_ = directory_ / "new.h5";
};

TEST_F(Replace, NeedsForceWhereSomethingIsThere) {
  EXPECT_THAT(
      [&] { check_may_replace(there_, false); },
      ThrowsMessage<InputError>(
          there_.string() + ": is there already; expected a new name, or --force to replace the whole file"));
  EXPECT_THAT(
      [&] { check_may_replace(there_, false, "with /raw in it"); },
      ThrowsMessage<InputError>(HasSubstr(": is there already, with /raw in it; expected a new name")));
  EXPECT_NO_THROW(check_may_replace(there_, true));
  EXPECT_NO_THROW(check_may_replace(missing_, false));
}

TEST_F(Replace, OfAnotherKindIsRefused) {
  const auto yes = [](const std::filesystem::path&) { return true; };
  const auto no = [](const std::filesystem::path&) { return false; };
  EXPECT_THAT([&] { check_replaces_only(there_, "model", no); },
              ThrowsMessage<InputError>(HasSubstr(
                  "out.h5: is there already and is no model; expected a new name, or a model to replace")));
  EXPECT_THAT([&] { check_replaces_only(there_, "report", no, "another --json"); },
              ThrowsMessage<InputError>(HasSubstr("expected another --json, or a report to replace")));
  EXPECT_NO_THROW(check_replaces_only(there_, "model", yes));
  EXPECT_NO_THROW(check_replaces_only(missing_, "model", no));
}

TEST_F(Replace, ALinkThatLeadsNowhereIsNothing) {
  std::filesystem::create_symlink(missing_, directory_ / "link");
  EXPECT_NO_THROW(check_may_replace(directory_ / "link", false));
}

/// As root, renaming over a device's node removes it.
TEST_F(Replace, OfWhatIsNoFileIsRefusedEvenWithForce) {
  const auto yes = [](const std::filesystem::path&) { return true; };
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  for (const auto& [path, kind] :
       {std::pair{directory_ / "pipe", "is a pipe"}, {directory_.path(), "is a directory"}}) {
    EXPECT_THAT([&] { check_may_replace(path, true); }, ThrowsMessage<InputError>(HasSubstr(kind)));
    EXPECT_THAT([&] { check_replaces_only(path, "model", yes); }, ThrowsMessage<InputError>(HasSubstr(kind)));
  }
}

}  // namespace
}  // namespace cleft
