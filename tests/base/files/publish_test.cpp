#include "base/files/publish.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft {
namespace {

using test::file_bytes;

/// A result of three files, of which "table" is the seal.
class Publish : public testing::Test {
 protected:
  const std::vector<std::string> names{"settings", "labels", "table"};

  /// The files of a run, each with the run's name in it.
  std::vector<UnpublishedFile> written(const std::string& run) const {
    std::vector<UnpublishedFile> files;
    for (const auto& name : names) files.push_back(write_unpublished(directory / name, run));
    return files;
  }

  /// What stands under each name, "-" where nothing does.
  std::vector<std::string> found() const {
    std::vector<std::string> runs;
    for (const auto& name : names)
      runs.push_back(std::filesystem::exists(directory / name) ? file_bytes(directory / name) : "-");
    return runs;
  }

  bool some_are_unfinished() const { return !test::unfinished_in(directory.path()).empty(); }

  const test::TempDirectory directory;
};

using testing::ElementsAre;

TEST_F(Publish, GivesAllFilesTheirNames) {
  publish(written("first"));
  EXPECT_THAT(found(), ElementsAre("first", "first", "first"));
  publish(written("second"));
  EXPECT_THAT(found(), ElementsAre("second", "second", "second"));
  EXPECT_FALSE(some_are_unfinished());
}

TEST_F(Publish, TakesItsStepsInTheStatedOrder) {
  publish(written("old"));
  Publication publication(written("new"));
  EXPECT_TRUE(publication.step());
  EXPECT_THAT(found(), ElementsAre("old", "old", "old"));
  EXPECT_TRUE(publication.step());
  EXPECT_THAT(found(), ElementsAre("old", "old", "-"));
  EXPECT_TRUE(publication.step());  // nothing is obsolete
  EXPECT_THAT(found(), ElementsAre("old", "old", "-"));
  EXPECT_TRUE(publication.step());
  EXPECT_THAT(found(), ElementsAre("new", "old", "-"));
  EXPECT_TRUE(publication.step());
  EXPECT_THAT(found(), ElementsAre("new", "new", "-"));
  EXPECT_FALSE(publication.step());
  EXPECT_THAT(found(), ElementsAre("new", "new", "new"));
}

TEST_F(Publish, ObsoleteFilesGoOnceTheSealHasGoneAndBeforeAnyNameIsGiven) {
  publish(written("old"));
  test::write_bytes(directory / "report", "old");
  Publication publication(written("new"), {.obsolete = {directory / "report", directory / "not there"}});
  publication.step();
  EXPECT_TRUE(std::filesystem::exists(directory / "report"));
  publication.step();
  EXPECT_THAT(found(), ElementsAre("old", "old", "-"));
  EXPECT_TRUE(std::filesystem::exists(directory / "report"));
  publication.step();
  EXPECT_THAT(found(), ElementsAre("old", "old", "-"));
  EXPECT_FALSE(std::filesystem::exists(directory / "report"));
}

TEST_F(Publish, TheEarlierSealMayBeKeptUnderAnotherName) {
  const EarlierFiles earlier{.obsolete = {}, .keep_last_as = directory / "previous"};
  publish(written("first"), earlier);
  EXPECT_FALSE(std::filesystem::exists(directory / "previous")) << "there was none";
  for (const std::string run : {"second", "third"}) {
    const std::string before = file_bytes(directory / "table");
    Publication publication(written(run), earlier);
    publication.step();
    publication.step();
    EXPECT_FALSE(std::filesystem::exists(directory / "table"));
    EXPECT_EQ(file_bytes(directory / "previous"), before);
    while (publication.step()) {
    }
    EXPECT_EQ(file_bytes(directory / "table"), run);
    EXPECT_EQ(file_bytes(directory / "previous"), before);
  }
}

TEST_F(Publish, OfAProcessThatIsKilledInBetweenLeavesNoSealOverFilesOfTwoRuns) {
  for (int steps = 0; steps <= 6; ++steps) {
    SCOPED_TRACE(steps);
    publish(written("old"));
    test::write_bytes(directory / "obsolete", "old");
    const pid_t child = ::fork();
    if (child == 0) {
      Publication publication(written("new"), {.obsolete = {directory / "obsolete"}});
      for (int s = 0; s < steps; ++s) publication.step();
      ::_exit(0);  // as killed: nothing is cleared up
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
    const auto runs = found();
    EXPECT_EQ(runs.back(), steps < 2 ? "old" : steps < 6 ? "-" : "new");
    if (runs.back() == "new") {
      EXPECT_FALSE(std::filesystem::exists(directory / "obsolete"));
    }
    if (runs.back() != "-") {
      EXPECT_THAT(runs, testing::Each(runs.back()));
    }
    publish(written("next"));
    EXPECT_THAT(found(), ElementsAre("next", "next", "next"));
    EXPECT_FALSE(some_are_unfinished());
  }
}

TEST_F(Publish, ThatFailsBetweenTwoNamesLeavesNoSeal) {
  publish(written("old"));
  // No file can take the name of a folder with something in it.
  std::filesystem::remove(directory / "labels");
  std::filesystem::create_directories(directory / "labels" / "mine");
  try {
    publish(written("new"));
    FAIL() << "nothing was thrown";
  } catch (const IoError& e) {
    EXPECT_THAT(e.what(), testing::StartsWith((directory / "labels").string() + ": cannot be written"));
  }
  EXPECT_EQ(file_bytes(directory / "settings"), "new");
  EXPECT_TRUE(std::filesystem::exists(directory / "labels" / "mine"));
  EXPECT_FALSE(std::filesystem::exists(directory / "table"));
  EXPECT_FALSE(some_are_unfinished());
}

TEST_F(Publish, OfAFileThatIsNotThereLeavesTheEarlierResultWhole) {
  publish(written("old"));
  auto files = written("new");
  std::filesystem::remove(files.at(1).written());
  EXPECT_THROW(publish(std::move(files)), IoError);
  EXPECT_THAT(found(), ElementsAre("old", "old", "old"));
  EXPECT_FALSE(some_are_unfinished());
}

TEST_F(Publish, WhoseSealCannotBeRemovedChangesNothing) {
  publish(written("old"));
  std::filesystem::remove(directory / "table");
  std::filesystem::create_directories(directory / "table" / "mine");
  EXPECT_THROW(publish(written("new")), IoError);
  EXPECT_EQ(file_bytes(directory / "settings"), "old");
  EXPECT_EQ(file_bytes(directory / "labels"), "old");
}

TEST_F(Publish, AFileThatIsNotPublishedGoesUnlessItIsKept) {
  { const auto file = write_unpublished(directory / "table", "content"); }
  EXPECT_FALSE(some_are_unfinished());
  {
    auto file = write_unpublished(directory / "table", "content");
    UnpublishedFile moved;
    moved = std::move(file);
    EXPECT_EQ(moved.path(), directory / "table");
    EXPECT_EQ(file_bytes(moved.written()), "content");
    moved.keep();
    EXPECT_TRUE(moved.empty());
  }
  EXPECT_TRUE(some_are_unfinished());
}

TEST_F(Publish, WhatCannotBeWrittenIsNamed) {
  EXPECT_THROW(write_unpublished(directory / "no" / "table", "content"), IoError);
}

}  // namespace
}  // namespace cleft
