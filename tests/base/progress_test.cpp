#include "base/progress.hpp"

#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/log.hpp"
#include "support/terminal.hpp"

namespace cleft {
namespace {

TEST(Progress, line_has_percent_rate_and_time_left) {
  EXPECT_EQ(progress_line("predict", 250, 1000, 10), "predict: 25 %, 25 voxels/s, 30 s left");
}

TEST(Progress, large_rates_are_in_millions) {
  EXPECT_EQ(progress_line("predict", 1'250'000, 5'000'000, 1),
            "predict: 25 %, 1.25 million voxels/s, 3 s left");
}

TEST(Progress, hundred_percent_means_all_of_it) {
  EXPECT_EQ(progress_line("predict", 9999, 10000, 1), "predict: 99 %, 9999 voxels/s, 0 s left");
  EXPECT_EQ(progress_line("predict", 10000, 10000, 1), "predict: 100 %, 10000 voxels/s, 0 s left");
}

TEST(Progress, promises_nothing_before_anything_is_done) {
  EXPECT_EQ(progress_line("segment", 0, 1000, 5), "segment: 0 %");
  EXPECT_EQ(progress_line("segment", 0, 0, 5), "segment: 100 %");
}

TEST(Progress, durations_are_in_units_people_use) {
  EXPECT_EQ(duration_text(45.4), "45 s");
  EXPECT_EQ(duration_text(130), "2 min 10 s");
  EXPECT_EQ(duration_text(3 * 3600 + 5 * 60 + 7), "3 h 5 min");
}

TEST(Progress, a_log_that_is_no_terminal_is_not_flooded) {
  log::configure(0, 1, log::Format::text);
  testing::internal::CaptureStderr();
  {
    Progress progress("predict", 1000, true);
    for (int done = 0; done <= 1000; ++done) progress.update(done);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

/// For its lifetime standard error is the terminal.
class StandardErrorOn {
 public:
  explicit StandardErrorOn(const test::Terminal& terminal) : before_(::dup(STDERR_FILENO)) {
    ::dup2(terminal.descriptor(), STDERR_FILENO);
  }
  StandardErrorOn(const StandardErrorOn&) = delete;
  StandardErrorOn& operator=(const StandardErrorOn&) = delete;
  ~StandardErrorOn() {
    std::fflush(stderr);
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
  }

 private:
  int before_;
};

constexpr auto line_begin = "\r\x1b[K";

TEST(Progress, on_a_terminal_is_one_line_that_moves_and_is_gone_at_the_end) {
  log::configure(0, 1, log::Format::text);
  test::Terminal terminal;
  {
    const StandardErrorOn redirected(terminal);
    Progress progress("predict", 1000, true);
    progress.update(250);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    progress.update(500);
  }
  const std::string& text = terminal.text();
  EXPECT_THAT(text, testing::StartsWith(std::string(line_begin) + "predict: 25 %"));
  EXPECT_THAT(text, testing::HasSubstr(std::string(line_begin) + "predict: 50 %, "));
  EXPECT_THAT(text, testing::EndsWith(line_begin));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("\n")));
}

TEST(Progress, of_ranks_that_are_not_to_speak_shows_nothing_on_a_terminal) {
  test::Terminal terminal;
  {
    const StandardErrorOn redirected(terminal);
    Progress progress("predict", 1000, false);
    progress.update(500);
  }
  EXPECT_EQ(terminal.text(), "");
}

TEST(Progress, adds_up_what_threads_have_done) {
  log::configure(0, 1, log::Format::text);
  test::Terminal terminal;
  {
    const StandardErrorOn redirected(terminal);
    Progress progress("train", 200, true, "trees");
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 2; ++t)
        threads.emplace_back([&] {
          for (int i = 0; i < 49; ++i) progress.add(1);
        });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    progress.add(2);
  }
  EXPECT_THAT(terminal.text(), testing::HasSubstr("train: 50 %, "));
  EXPECT_THAT(terminal.text(), testing::HasSubstr(" trees/s, "));
}

}  // namespace
}  // namespace cleft
