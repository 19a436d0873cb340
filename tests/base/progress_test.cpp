#include "base/progress.hpp"

#include <gtest/gtest.h>

#include "base/log.hpp"

namespace cleft {
namespace {

TEST(Progress, line_has_percent_rate_and_time_left) {
  EXPECT_EQ(progress_line("predict", 250, 1000, 10), "predict: 25 %, 25 voxels/s, 30 s left");
}

TEST(Progress, hundred_percent_means_all_of_it) {
  EXPECT_EQ(progress_line("predict", 9999, 10000, 1), "predict: 99 %, 1e+04 voxels/s, 0 s left");
  EXPECT_EQ(progress_line("predict", 10000, 10000, 1), "predict: 100 %, 1e+04 voxels/s, 0 s left");
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
  log::configure(0, log::Format::text);
  testing::internal::CaptureStderr();
  {
    Progress progress("predict", 1000, true);
    for (int done = 0; done <= 1000; ++done) progress.update(done);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace cleft
