#include "base/text/counted.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(Counted, one_is_the_only_singular) {
  EXPECT_EQ(counted(0, "synapse"), "0 synapses");
  EXPECT_EQ(counted(1, "synapse"), "1 synapse");
  EXPECT_EQ(counted(2, "truth object"), "2 truth objects");
}

}  // namespace
}  // namespace cleft
