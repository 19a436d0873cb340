#include "io/h5/shield.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

TEST(Shield, HandsOnWhatTheCallReturns) {
  EXPECT_EQ(h5::shielded("a.h5", [] { return 7; }), 7);
  EXPECT_FALSE(h5::library_has_crashed());
}

/// In a process of its own: after a crash HDF5 is not used again.
TEST(ShieldDeathTest, ACrashIsAnErrorAndTheLastCall) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE})
    EXPECT_EXIT(
        {
          std::string found;
          try {
            h5::shielded("a.h5", [&] { return std::raise(signal); });
          } catch (const IoError& error) {
            found = error.what();
          }
          try {
            h5::shielded("b.h5", [] { return 0; });
          } catch (const IoError&) {
            if (found.find("a.h5: is damaged") == 0 && h5::library_has_crashed()) std::_Exit(42);
          }
          std::_Exit(1);
        },
        testing::ExitedWithCode(42), "");
}

TEST(ShieldDeathTest, ACrashOutsideOfItStaysOne) {
  EXPECT_EXIT(
      {
        h5::shielded("a.h5", [] { return 0; });
        std::signal(SIGSEGV, SIG_DFL);
        std::raise(SIGSEGV);
      },
      testing::KilledBySignal(SIGSEGV), "");
}

}  // namespace
}  // namespace cleft
