#include "report/files/report_folder.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

/// Publishes a report with one object.
void publish(const fs::path& folder, const std::string& index) {
  UnpublishedFolder made(folder);
  EXPECT_FALSE(fs::exists(folder / "pictures/1.jpg") && index == "first");
  write_report_file(made.written() / "index.html", index);
  write_report_file(made.written() / "pictures/1.jpg", "jpg");
  write_report_file(made.written() / "data/meshes/1.js", "js");
  write_report_file(made.written() / report_mark, report_mark_text({{"table", index}}));
  made.publish();
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(ReportFolder, replaces_its_own) {
  const test::TempDirectory directory;
  const fs::path folder = directory / "report";
  EXPECT_FALSE(report_made_from(folder));
  publish(folder, "first");
  publish(folder, "second");
  EXPECT_EQ(test::file_bytes(folder / "index.html"), "second");
  EXPECT_EQ(report_made_from(folder), (nlohmann::json{{"table", "second"}}));
  EXPECT_EQ(entries(directory.path()), 1U) << "nothing stays beside it";
}

TEST(ReportFolder, never_replaces_what_is_no_report) {
  const test::TempDirectory directory;
  fs::create_directory(directory / "report");
  EXPECT_THROW(check_may_replace_report(directory / "report"), InputError) << "an empty folder";
  test::write_bytes(directory / "report/index.html", "mine");
  EXPECT_THROW(publish(directory / "report", "x"), InputError);
  EXPECT_EQ(test::file_bytes(directory / "report/index.html"), "mine");
  test::write_bytes(directory / "file", "mine");
  EXPECT_THROW(check_may_replace_report(directory / "file"), InputError);
  publish(directory / "own", "first");
  fs::create_directory_symlink(directory / "own", directory / "link");
  EXPECT_THROW(check_may_replace_report(directory / "link"), InputError);
  test::write_bytes(directory / "report" / report_mark, "{\"format\": \"another\"}");
  EXPECT_THROW(check_may_replace_report(directory / "report"), InputError);
}

TEST(ReportFolder, never_takes_what_somebody_put_there) {
  const test::TempDirectory directory;
  const fs::path folder = directory / "report";
  publish(folder, "first");
  test::write_bytes(folder / "review.json", "hours of work");
  try {
    publish(folder, "second");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("review.json"), std::string::npos) << error.what();
  }
  EXPECT_EQ(test::file_bytes(folder / "review.json"), "hours of work");
  EXPECT_EQ(entries(directory.path()), 1U);
}

TEST(ReportFolder, leaves_nothing_where_it_was_not_published) {
  const test::TempDirectory directory;
  {
    const UnpublishedFolder made(directory / "report");
    EXPECT_TRUE(fs::is_directory(made.written() / "data/meshes"));
    EXPECT_FALSE(fs::exists(directory / "report"));
  }
  EXPECT_EQ(entries(directory.path()), 0U);
}

TEST(ReportFolder, clears_up_what_killed_ones_left) {
  const test::TempDirectory directory;
  fs::create_directories(directory / "report.0123456789abcdef.part/pictures");
  fs::create_directories(directory / "report.of-mine.part");
  fs::create_directories(directory / "report.0123456789ABCDEF.part");
  fs::create_directories(directory / "report.fedcba9876543210.part");
  test::write_bytes(directory / "report.fedcba9876543210.part/notes.txt", "mine");
  publish(directory / "report", "first");
  EXPECT_FALSE(fs::exists(directory / "report.0123456789abcdef.part"));
  EXPECT_TRUE(fs::exists(directory / "report.of-mine.part"));
  EXPECT_TRUE(fs::exists(directory / "report.0123456789ABCDEF.part")) << "no name of ours";
  EXPECT_EQ(test::file_bytes(directory / "report.fedcba9876543210.part/notes.txt"), "mine");
}

TEST(ReportFolder, leaves_the_earlier_one_where_it_fails) {
  const test::TempDirectory directory;
  const fs::path folder = directory / "report";
  publish(folder, "first");
  {
    UnpublishedFolder made(folder);
    fs::remove_all(made.written());
    EXPECT_THROW(made.publish(), IoError);
  }
  EXPECT_EQ(test::file_bytes(folder / "index.html"), "first");
  EXPECT_EQ(entries(directory.path()), 1U);
}

TEST(ReportFolder, of_a_version_that_is_no_number_is_another_one) {
  const test::TempDirectory directory;
  const fs::path folder = directory / "report";
  publish(folder, "first");
  auto mark = nlohmann::json::parse(test::file_bytes(folder / report_mark));
  mark["version"] = "one";
  test::write_bytes(folder / report_mark, mark.dump());
  EXPECT_FALSE(report_made_from(folder));
  EXPECT_NO_THROW(check_may_replace_report(folder));
}

TEST(ReportFolder, says_what_cannot_be_written) {
  const test::TempDirectory directory;
  EXPECT_THROW(UnpublishedFolder(directory / "nowhere/report"), IoError);
  EXPECT_THROW(write_report_file(directory / "nowhere/file", "x"), IoError);
}

TEST(ReportFolder, under_whose_name_something_else_stands_is_none) {
  const test::TempDirectory directory;
  const auto folder = directory / "report";
  EXPECT_NO_THROW(check_is_report(folder)) << "nothing is there";
  std::filesystem::create_directory(folder);
  EXPECT_THROW(check_is_report(folder), InputError);
  test::write_bytes(folder / report_mark, "{}");
  EXPECT_THROW(check_is_report(folder), InputError);
  test::write_bytes(folder / report_mark, report_mark_text({}));
  test::write_bytes(folder / "review.json", "somebody's");
  EXPECT_NO_THROW(check_is_report(folder)) << "what else is in it is nobody's business here";
  test::write_bytes(directory / "file", "");
  EXPECT_THROW(check_is_report(directory / "file"), InputError);
}

}  // namespace
}  // namespace cleft
