#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "parallel/work_queue.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

/// How often each number was handed out, over all ranks.
std::vector<std::int64_t> handed_out(const Communicator& comm, std::int64_t count,
                                     const std::vector<std::int64_t>& mine) {
  std::vector<std::int64_t> times(static_cast<std::size_t>(count));
  for (const auto n : mine) ++times.at(static_cast<std::size_t>(n));
  comm.sum(std::span(times));
  return times;
}

TEST(WorkQueue, HandsOutEveryNumberOnce) {
  const auto world = Communicator::world();
  for (const std::int64_t count : {0, 1, 2, 3, 50}) {
    WorkQueue queue(world, count);
    std::vector<std::int64_t> mine;
    while (const auto n = queue.next()) queue.run([&] { mine.push_back(*n); });
    queue.finish();
    EXPECT_EQ(handed_out(world, count, mine), std::vector<std::int64_t>(static_cast<std::size_t>(count), 1));
  }
}

TEST(WorkQueue, HandsOutEveryNumberOnceWhenSomeAreTakenAhead) {
  const auto world = Communicator::world();
  for (const std::int64_t count : {0, 1, 2, 3, 50}) {
    WorkQueue queue(world, count);
    std::vector<std::int64_t> mine;
    std::int64_t taken_ahead = 0;
    for (auto n = queue.next(); n;) {
      std::optional<std::int64_t> ahead;
      queue.run([&] { mine.push_back(*n); }, [&] { ahead = queue.next_ahead(); });
      taken_ahead += ahead ? 1 : 0;
      n = ahead ? ahead : queue.next();
    }
    queue.finish();
    EXPECT_EQ(handed_out(world, count, mine), std::vector<std::int64_t>(static_cast<std::size_t>(count), 1));
    // The last ones go to ranks that have nothing to do.
    EXPECT_LE(world.sum(taken_ahead), std::max<std::int64_t>(count - world.size(), 0));
    if (count == 50) {
      EXPECT_GT(world.sum(taken_ahead), 0);
    }
  }
}

TEST(WorkQueue, ThrowsWhatEitherThreadThrowsOnceBothHaveEnded) {
  const auto world = Communicator::world();
  WorkQueue queue(world, 1);
  bool ended = false;
  const auto fail = [] { throw std::runtime_error("no"); };
  EXPECT_THROW(queue.run(
                   [&] {
                     std::this_thread::sleep_for(std::chrono::milliseconds(20));
                     ended = true;
                   },
                   fail),
               std::runtime_error);
  EXPECT_TRUE(ended);
  ended = false;
  EXPECT_THROW(queue.run(fail, [&] { ended = true; }), std::runtime_error);
  EXPECT_TRUE(ended);
  while (queue.next()) {
  }
  queue.finish();
}

TEST(WorkQueue, RankZeroServesTheOthersWhileItComputes) {
  const auto world = Communicator::world();
  if (world.size() == 1) GTEST_SKIP() << "nobody to serve on one rank";
  const auto scratch = std::filesystem::temp_directory_path() /
                       ("cleft_work_queue_" + world.broadcast(std::to_string(getpid())));
  WorkQueue queue(world, 20);
  std::vector<std::int64_t> mine;
  if (world.is_root()) {
    mine.push_back(*queue.next());
    // Rank 0's work ends only after the last rank has been told that nothing is left, so it must be served
    // meanwhile.
    queue.run([&] {
      while (!std::filesystem::exists(scratch)) std::this_thread::yield();
    });
  }
  while (const auto n = queue.next()) queue.run([&] { mine.push_back(*n); });
  if (world.rank() == world.size() - 1) std::ofstream(scratch).put('x');
  queue.finish();
  if (world.is_root()) std::filesystem::remove(scratch);
  EXPECT_EQ(handed_out(world, 20, mine), std::vector<std::int64_t>(20, 1));
}

TEST(WorkQueue, NobodyWaitsForItsNextNumberWhileRankZeroIsBusy) {
  const auto world = Communicator::world();
  if (world.size() == 1) GTEST_SKIP() << "nobody to serve on one rank";
  const test::TempDirectory directory(world);
  const auto all_have = [&](const std::string& what) {
    for (int r = 1; r < world.size(); ++r)
      if (!std::filesystem::exists(directory / (what + std::to_string(r)))) return false;
    return true;
  };
  const auto say = [&](const std::string& what) {
    std::ofstream(directory / (what + std::to_string(world.rank()))).put('x');
  };
  const std::int64_t count = 10 * world.size();
  WorkQueue queue(world, count);
  std::vector<std::int64_t> mine{*queue.next()};
  if (world.is_root()) {
    queue.run([&] {
      while (!all_have("first")) std::this_thread::yield();
      // What they asked ahead is answered within a serving interval.
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    });
    say("busy");  // rank 0 reads or writes, and answers no request
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!all_have("second") && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_TRUE(all_have("second"));
  } else {
    say("first");
    while (!std::filesystem::exists(directory / "busy0")) std::this_thread::yield();
    mine.push_back(*queue.next());
    say("second");
  }
  while (const auto n = queue.next()) queue.run([&] { mine.push_back(*n); });
  queue.finish();
  EXPECT_EQ(handed_out(world, count, mine), std::vector<std::int64_t>(static_cast<std::size_t>(count), 1));
}

TEST(WorkQueue, TheLastNumbersGoToRanksThatHaveNone) {
  const auto world = Communicator::world();
  // As many numbers as ranks: while each works on its first, nobody holds a second one.
  WorkQueue queue(world, world.size());
  while (world.is_root() && queue.handed_out() < world.size() - 1)
    queue.run([] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); });
  EXPECT_TRUE(queue.next().has_value());
  world.barrier();
  EXPECT_FALSE(queue.next().has_value());
  queue.finish();
}

TEST(WorkQueue, StopLeavesTheRestUndone) {
  const auto world = Communicator::world();
  for (int stopping = 0; stopping < world.size(); ++stopping) {
    WorkQueue queue(world, 1000000);
    std::vector<std::int64_t> mine;
    if (world.rank() == stopping) {
      queue.next();
      queue.stop();
      EXPECT_FALSE(queue.next().has_value());
    }
    while (const auto n = queue.next()) mine.push_back(*n);
    queue.finish();
    EXPECT_LT(world.sum(static_cast<std::int64_t>(mine.size())), 1000000);
  }
}

TEST(WorkQueue, WhatTheWorkThrowsIsThrownByRun) {
  const auto world = Communicator::world();
  WorkQueue queue(world, 3);
  EXPECT_THROW(queue.run([] { throw std::runtime_error("unreadable block"); }), std::runtime_error);
  queue.stop();
  queue.finish();
}

}  // namespace
}  // namespace cleft
