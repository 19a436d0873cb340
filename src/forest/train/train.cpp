#include "forest/train/train.hpp"

#include <mutex>

#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "forest/train/grow_tree.hpp"
#include "forest/train/sorted_channels.hpp"

namespace cleft {

TrainedTrees train_trees(const Samples& samples, const TrainOptions& options, int first_tree, int end_tree,
                         int threads, const std::function<void()>& grown) {
  const SortedChannels sorted(samples, threads);
  std::vector<Forest> trees(to_size(end_tree - first_tree));
  TrainedTrees trained;
  trained.forest.channel_count = samples.channel_count;
  trained.forest.class_count = samples.class_count;
  trained.out_of_bag = OutOfBag(samples);
  std::mutex sums_mutex;
  run_on_threads(end_tree - first_tree, threads, [&](std::int64_t n) {
    Random random(options.seed, narrow<std::uint64_t>(first_tree + n));
    const auto draws = draw_bag(samples, options.class_balance, random);
    auto& tree = trees[to_size(n)];
    tree = grow_tree(samples, sorted, draws, options.min_leaf, random);
    OutOfBag sums(samples);
    add_tree(sums, tree, samples, draws, random);
    const std::lock_guard lock(sums_mutex);
    add(trained.out_of_bag, sums);
    grown();
  });
  for (const Forest& tree : trees) append(trained.forest, tree);
  return trained;
}

}  // namespace cleft
