#include <new>
#include <system_error>

#include <gtest/gtest.h>

#include "base/stopped.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

TEST(Agree, PassesWhenEveryRankSucceeds) {
  const auto world = Communicator::world();
  int done = 0;
  all_or_throw(world, [&] { ++done; });
  EXPECT_EQ(done, 1);
}

TEST(Agree, OneFailingRankFailsAllAlike) {
  const auto world = Communicator::world();
  for (int failing = 0; failing < world.size(); ++failing) {
    try {
      all_or_throw(world, [&] {
        if (world.rank() == failing) throw IoError({"raw.h5", "cannot be read", ""});
      });
      FAIL() << "nothing was thrown";
    } catch (const CollectiveError& e) {
      EXPECT_EQ(e.rank(), failing);
      EXPECT_EQ(e.kind(), ErrorKind::io);
      EXPECT_STREQ(e.what(), "raw.h5: cannot be read");
    }
  }
}

TEST(Agree, TheLowestFailingRankSpeaks) {
  const auto world = Communicator::world();
  const int first = world.size() / 2;
  try {
    all_or_throw(world, [&] {
      if (world.rank() >= first) throw InputError({"rank " + std::to_string(world.rank()), "failed", ""});
    });
    FAIL() << "nothing was thrown";
  } catch (const CollectiveError& e) {
    EXPECT_EQ(std::string(e.what()), "rank " + std::to_string(first) + ": failed");
  }
}

TEST(Agree, ForeignExceptionsGetAKind) {
  const auto world = Communicator::world();
  const auto kind_of = [&](const std::function<void()>& work) {
    try {
      all_or_throw(world, work);
    } catch (const CollectiveError& e) {
      return e.kind();
    }
    return ErrorKind{};
  };
  EXPECT_EQ(kind_of([] { throw std::bad_alloc(); }), ErrorKind::io);
  EXPECT_EQ(kind_of([] { throw std::system_error(ENOSPC, std::generic_category()); }), ErrorKind::io);
  EXPECT_EQ(kind_of([] { throw std::logic_error("a bug"); }), ErrorKind::internal);
}

TEST(Agree, AStopOnOneRankStopsAllUnlessOneFailed) {
  const auto world = Communicator::world();
  const int last = world.size() - 1;
  EXPECT_THROW(all_or_throw(world,
                            [&] {
                              if (world.rank() == last) throw Stopped();
                            }),
               Stopped);
  if (last == 0) return;
  EXPECT_THROW(all_or_throw(world,
                            [&] {
                              if (world.rank() == last) throw IoError({"raw.h5", "cannot be read", ""});
                              throw Stopped();
                            }),
               CollectiveError);
}

TEST(RunCollectively, WhatTheLibraryReportsOnOneRankFailsAllAlike) {
  const auto world = Communicator::world();
  for (int failing = 0; failing < world.size(); ++failing) {
    try {
      run_collectively(world, [&] {
        // In step with the others, as parallel HDF5 is: the status alone differs.
        if (world.sum(world.rank()) >= 0 && world.rank() == failing)
          throw IoError({"labels.h5", "cannot be written", ""});
      });
      FAIL() << "nothing was thrown";
    } catch (const CollectiveError& e) {
      EXPECT_EQ(e.rank(), failing);
      EXPECT_STREQ(e.what(), "labels.h5: cannot be written");
    }
  }
}

TEST(RunCollectively, WhatIsNotTheLibrarysIsNotAgreedOn) {
  // The others would be inside the library and never come to an agreement.
  EXPECT_THROW(run_collectively(Communicator::world(), [] { throw std::bad_alloc(); }), std::bad_alloc);
}

}  // namespace
}  // namespace cleft
