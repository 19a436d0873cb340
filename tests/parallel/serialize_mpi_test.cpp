#include <limits>

#include <boost/serialization/vector.hpp>
#include <gtest/gtest.h>

#include "parallel/serialize.hpp"

namespace cleft {
namespace {

struct Sample {
  std::vector<float> values;
  std::int64_t count = 0;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& values& count;
  }
};

TEST(Serialize, EveryRankGetsTheRootsValue) {
  const auto world = Communicator::world();
  for (int root = 0; root < world.size(); ++root) {
    Sample mine;
    if (world.rank() == root) mine = {{1.5F, std::numeric_limits<float>::infinity(), -0.0F}, root + 7};
    const Sample got = broadcast_archive(world, mine, root);
    EXPECT_EQ(got.count, root + 7);
    EXPECT_EQ(got.values, (std::vector<float>{1.5F, std::numeric_limits<float>::infinity(), -0.0F}));
  }
}

}  // namespace
}  // namespace cleft
