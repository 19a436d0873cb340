#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "parallel/work_queue.hpp"

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
