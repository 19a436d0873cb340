#include "base/error.hpp"

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>
#include <typeinfo>

#include <gmock/gmock.h>

namespace cleft {
namespace {

TEST(Error, SaysWhatItIsAboutWhatWasFoundAndWhatWasExpected) {
  const InputError error({.subject = "raw.h5:/raw", .found = "has 2 axes", .expected = "3 axes (z, y, x)"});
  EXPECT_STREQ(error.what(), "raw.h5:/raw: has 2 axes; expected 3 axes (z, y, x)");
}

TEST(Error, LeavesOutAnExpectationThatNobodyCouldHave) {
  EXPECT_STREQ(IoError({.subject = "raw.h5", .found = "no space left", .expected = ""}).what(),
               "raw.h5: no space left");
}

/// Messages are read line by line: one from a library, or a file with an odd name, must not look like two.
TEST(Error, IsOneLineWhateverItIsMadeOf) {
  const IoError error({.subject = "odd\nname.h5", .found = "two\nlines", .expected = "one\n"});
  EXPECT_STREQ(error.what(), "odd name.h5: two lines; expected one ");
  const std::runtime_error foreign("first\nsecond");
  EXPECT_EQ(failure_of(foreign).line, "internal error: first second");
}

TEST(Error, HasTheKindOfItsType) {
  const ErrorFields fields{.subject = "a", .found = "b", .expected = "c"};
  EXPECT_EQ(InputError(fields).kind(), ErrorKind::input);
  EXPECT_EQ(ConfigError(fields).kind(), ErrorKind::config);
  EXPECT_EQ(IoError(fields).kind(), ErrorKind::io);
  EXPECT_EQ(InternalError("broken").kind(), ErrorKind::internal);
}

TEST(Error, StaysWhatItIsOnItsWayBetweenRanks) {
  const ConfigError sent({.subject = "run.yaml:3: model", .found = "no file", .expected = "a model"});
  const Error received(sent.kind(), sent.what());
  EXPECT_EQ(received.kind(), sent.kind());
  EXPECT_STREQ(received.what(), sent.what());
}

TEST(ExitCode, TellsTheUsersMistakesFromResourcesAndBugs) {
  EXPECT_EQ(exit_code(ErrorKind::input), 1);
  EXPECT_EQ(exit_code(ErrorKind::config), 1);
  EXPECT_EQ(exit_code(ErrorKind::io), 2);
  EXPECT_EQ(exit_code(ErrorKind::internal), 3);
}

TEST(FailureOf, KeepsAnErrorsKindAndLine) {
  const ConfigError error({.subject = "k", .found = "f", .expected = "e"});
  const Failure failure = failure_of(error);
  EXPECT_EQ(failure.kind, ErrorKind::config);
  EXPECT_EQ(failure.line, error.what());
}

TEST(FailureOf, CallsMissingMemoryAResourceAndSaysWhatHelps) {
  const Failure failure = failure_of(std::bad_alloc());
  EXPECT_EQ(failure.kind, ErrorKind::io);
  EXPECT_THAT(failure.line, testing::HasSubstr("run.memory_per_rank"));
  const Failure of_array = failure_of(std::bad_array_new_length());  // a bad_alloc, too
  EXPECT_EQ(of_array.kind, ErrorKind::io);
}

TEST(FailureOf, CallsWhatTheSystemRefusesAResource) {
  try {
    const auto size = std::filesystem::file_size("/nowhere/at/all");
    FAIL() << "a missing file has " << size << " bytes";
  } catch (const std::exception& e) {
    const Failure failure = failure_of(e);
    EXPECT_EQ(failure.kind, ErrorKind::io);
    EXPECT_THAT(failure.line, testing::HasSubstr("/nowhere/at/all"));
  }
  EXPECT_EQ(failure_of(std::system_error(ENOSPC, std::generic_category())).kind, ErrorKind::io);
}

TEST(FailureOf, CallsEverythingElseABug) {
  EXPECT_EQ(failure_of(std::bad_cast()).kind, ErrorKind::internal);
  const Failure failure = failure_of(std::out_of_range("vector::at"));
  EXPECT_EQ(failure.kind, ErrorKind::internal);
  EXPECT_EQ(failure.line, "internal error: vector::at");
}

}  // namespace
}  // namespace cleft
