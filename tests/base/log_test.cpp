#include "base/log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cleft {
namespace {

/// What `write` puts on standard error when this process logs as `rank`.
template <class Write>
std::string logged(int rank, log::Format format, Write write, int ranks = 4,
                   log::Level level = log::Level::usual) {
  log::configure(rank, ranks, format, level);
  testing::internal::CaptureStderr();
  write();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, json_lines_are_json_whatever_is_in_the_message) {
  const std::string message = "file \"a\\b\".h5\ttab \x01 \xff not UTF-8 ü";
  const auto line = logged(3, log::Format::json, [&] { log::warning("{}", message); });
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["level"], "warning");
  EXPECT_EQ(json["rank"], 3);
  EXPECT_EQ(json["message"], "file \"a\\b\".h5\ttab \x01 \xef\xbf\xbd not UTF-8 ü");
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Log, information_comes_from_rank_0_only) {
  EXPECT_EQ(logged(1, log::Format::text, [] { log::info("hello"); }), "");
  EXPECT_NE(logged(0, log::Format::text, [] { log::info("hello"); }).find(" hello\n"), std::string::npos);
}

TEST(Log, a_warning_names_its_rank) {
  const auto line = logged(2, log::Format::text, [] { log::warning("odd"); });
  EXPECT_NE(line.find("warning (rank 2): odd\n"), std::string::npos);
}

TEST(Log, a_warning_of_a_single_process_names_no_rank) {
  const auto line = logged(
      0, log::Format::text, [] { log::warning("odd"); }, 1);
  EXPECT_NE(line.find(" warning: odd\n"), std::string::npos) << line;
}

TEST(Log, details_are_told_only_where_they_are_asked_for_and_by_rank_0_only) {
  const auto tell = [] { log::debug("blocks of {}", 64); };
  EXPECT_EQ(logged(0, log::Format::text, tell), "");
  EXPECT_EQ(logged(1, log::Format::text, tell, 4, log::Level::debug), "");
  const auto line = logged(0, log::Format::text, tell, 4, log::Level::debug);
  EXPECT_NE(line.find(" blocks of 64\n"), std::string::npos) << line;
}

TEST(Log, an_error_is_a_line_that_begins_with_error) {
  EXPECT_EQ(logged(2, log::Format::text, [] { log::error("raw.h5: gone"); }), "error: raw.h5: gone\n");
}

}  // namespace
}  // namespace cleft
