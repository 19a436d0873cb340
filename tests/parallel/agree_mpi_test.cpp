#include <new>
#include <system_error>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace cleft
