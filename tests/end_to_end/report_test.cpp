#include <filesystem>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_to_end/small_run.hpp"
#include "report/files/png_picture.hpp"

namespace cleft {
namespace {

using test::file_bytes;
using test::Outcome;
using test::run_cleft;
using testing::ElementsAre;
using testing::HasSubstr;

namespace fs = std::filesystem;

/// One run for all tests, each of which writes reports and pictures of it.
class Report : public testing::Test {
 protected:
  static test::SmallRun& run() {
    static test::SmallRun small;
    static const bool made = [&] {
      test::SmallRun::expect_done(small.detect(0, "results", {"report.make=true"}));
      return true;
    }();
    EXPECT_TRUE(made);
    return small;
  }
};

TEST_F(Report, is_written_at_the_end_of_detect_where_asked_for) {
  const fs::path report = run().path("results/report");
  for (const auto* name : {"index.html", "data/table.js", "data/scene.js", "pictures/overview.jpg"})
    EXPECT_TRUE(fs::exists(report / name)) << name;
  const auto written = fs::last_write_time(report / "index.html");
  const Outcome again = run().detect(0, "results", {"report.make=true"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("report: done already"));
  EXPECT_EQ(fs::last_write_time(report / "index.html"), written);
  const Outcome other = run().detect(2, "results", {"report.make=true", "report.sections=2"});
  EXPECT_THAT(other.err, HasSubstr("report: pictures of all"));
  EXPECT_NE(fs::last_write_time(report / "index.html"), written);
}

TEST_F(Report, command_prints_where_the_page_is) {
  const Outcome outcome = run_cleft({"report", run().path("results"), "--set", "report.max_objects=3"}, 2);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "report:   " + run().path("results/report/index.html") + "\n");
  EXPECT_THAT(file_bytes(run().path("results/report/data/table.js")), HasSubstr("the largest 3 of"));
}

TEST_F(Report, of_another_volume_is_refused_unless_accepted) {
  const std::string volume = run().path("other.h5");
  test::SmallRun::expect_done(
      run_cleft({"phantom", volume, "--extent", "40,110,120", "--voxel-size", "12,16,16", "--seed", "2"}));
  const std::vector<std::string> arguments{"report", run().path("results"), "--set", "volume.path=" + volume};
  const Outcome refused = run_cleft(arguments, 2);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors(), ElementsAre(HasSubstr("is not what")));
  auto accepting = arguments;
  accepting.push_back("--accept-input");
  EXPECT_EQ(run_cleft(accepting).exit_code, 0);
}

TEST_F(Report, wrong_input_is_one_line) {
  const std::string results = run().path("results");
  const std::map<std::string, std::vector<std::string>> wrong{
      {"without run.yaml", {"report", run().path("nowhere")}},
      {"report.sections", {"report", results, "--set", "report.sections=0"}},
      {"report.choose", {"report", results, "--set", "report.choose=best"}},
      {"does not end in .png", {"figure", results, "-z", "1", "-o", "a.jpg"}},
      {"-z: is 40", {"figure", results, "-z", "40", "-o", run().path("a.png")}},
      {"-z: is -1", {"figure", results, "--section=-1", "-o", run().path("a.png")}},
      {"none", {"figure", run().path("none"), "-z", "1", "-o", run().path("a.png")}},
      {"no-truth.h5",
       {"figure", results, "-z", "1", "--truth", run().path("no-truth.h5"), "-o", run().path("a.png")}},
  };
  for (const auto& [part, arguments] : wrong) {
    const Outcome outcome = run_cleft(arguments);
    EXPECT_EQ(outcome.exit_code, 1) << part;
    EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr(part)));
    EXPECT_FALSE(fs::exists(run().path("a.png")));
  }
}

TEST_F(Report, figure_draws_a_section_and_never_replaces_unasked) {
  const std::string png = run().path("section.png");
  const std::vector<std::string> arguments{"figure", run().path("results"), "-z", "20", "-o", png};
  const Outcome outcome = run_cleft(arguments, 2);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(begins_as_png(png));
  const std::string bytes = file_bytes(png);
  EXPECT_EQ(run_cleft(arguments).exit_code, 1);
  auto forced = arguments;
  forced.push_back("--force");
  EXPECT_EQ(run_cleft(forced).exit_code, 0);
  EXPECT_EQ(file_bytes(png), bytes) << "the same each time";
  forced.insert(forced.end(), {"--truth", run().path("phantom.h5") + "/truth/synapses"});
  const Outcome judged = run_cleft(forced);
  EXPECT_EQ(judged.exit_code, 0) << judged.err;
  EXPECT_NE(file_bytes(png), bytes) << "with the truth in it";
}

}  // namespace
}  // namespace cleft
