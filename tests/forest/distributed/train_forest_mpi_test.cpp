#include <gtest/gtest.h>

#include "base/stopped.hpp"
#include "forest/distributed/train_forest.hpp"
#include "support/synthetic_samples.hpp"

namespace cleft {
namespace {

TEST(TrainForest, IsTheForestOfOneRankOnAnyNumberOfRanksAndThreads) {
  const Communicator world = Communicator::world();
  Samples samples = test::synthetic_samples(200, 6, 1);
  for (std::uint32_t s = 0; s < 200; ++s) samples.strokes.push_back(s / 7);
  for (const int trees : {1, 2, 9}) {
    const TrainOptions options{.trees = trees, .seed = 3, .class_balance = ClassBalance::balanced};
    const TrainedTrees whole = train_trees(samples, options, 0, trees, 1);
    for (const int threads : {1, 2}) {
      const TrainedTrees trained = train_forest(world, samples, options, threads);
      if (world.is_root()) {
        EXPECT_EQ(trained.forest, whole.forest) << trees << " trees, " << threads << " threads";
      }
      EXPECT_EQ(trained.out_of_bag.votes, whole.out_of_bag.votes);
      EXPECT_EQ(trained.out_of_bag.right_answers_lost, whole.out_of_bag.right_answers_lost);
      EXPECT_EQ(trained.out_of_bag.votes_without_stroke, whole.out_of_bag.votes_without_stroke);
      EXPECT_EQ(trained.out_of_bag.answers, whole.out_of_bag.answers);
    }
  }
}

TEST(TrainForest, StopsOnAllRanksWhenAStopWasRequestedOnOne) {
  const Communicator world = Communicator::world();
  const Samples samples = test::synthetic_samples(100, 4, 1);
  std::stop_source source;
  if (world.rank() == world.size() - 1) source.request_stop();
  EXPECT_THROW(train_forest(world, samples, {.trees = 8}, 1, source.get_token()), Stopped);
  EXPECT_EQ(world.sum(1), world.size()) << "all ranks go on together";
}

}  // namespace
}  // namespace cleft
