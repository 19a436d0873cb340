#include "base/threads.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(RunOnThreads, DoesEveryNumberOnce) {
  for (const int threads : {1, 2, 3, 8}) {
    for (const std::int64_t count : {0, 1, 2, 7, 100}) {
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(count));
      run_on_threads(count, threads, [&](std::int64_t n) { ++times[static_cast<std::size_t>(n)]; });
      EXPECT_THAT(std::vector<int>(times.begin(), times.end()), testing::Each(1)) << threads << ", " << count;
    }
  }
}

TEST(RunOnThreads, MakesWhatAThreadNeedsOnceForEach) {
  for (const int threads : {1, 3, 8}) {
    for (const std::int64_t count : {0, 2, 100}) {
      std::atomic<int> made = 0;
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(count));
      run_on_threads(count, threads, [&]() -> std::function<void(std::int64_t)> {
        ++made;
        return [&](std::int64_t n) { ++times[static_cast<std::size_t>(n)]; };
      });
      EXPECT_LE(made, std::min<std::int64_t>(threads, count));
      EXPECT_THAT(std::vector<int>(times.begin(), times.end()), testing::Each(1)) << threads << ", " << count;
    }
  }
}

TEST(RunOnThreads, ThrowsWhatMakingThrew) {
  const auto fail = []() -> std::function<void(std::int64_t)> { throw std::runtime_error("no memory"); };
  EXPECT_THROW(run_on_threads(3, 2, fail), std::runtime_error);
}

TEST(RunOnThreads, ThrowsWhatTheLowestFailingNumberThrew) {
  for (const int threads : {1, 2, 4}) {
    const auto fail_from_5 = [](std::int64_t n) {
      if (n >= 5) throw std::runtime_error("number " + std::to_string(n));
    };
    EXPECT_THROW(
        {
          try {
            run_on_threads(20, threads, fail_from_5);
          } catch (const std::runtime_error& e) {
            EXPECT_STREQ(e.what(), "number 5");
            throw;
          }
        },
        std::runtime_error)
        << threads << " threads";
  }
}

}  // namespace
}  // namespace cleft
