#include "forest/train/train.hpp"

#include <mutex>

#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "forest/train/grow_tree.hpp"
#include "forest/train/ranked_channels.hpp"
#include "forest/train/stroke_bag.hpp"

namespace cleft {
namespace {

/// Streams of random numbers of the trees that judge by stroke: beyond those of any forest's trees.
constexpr std::uint64_t first_stroke_stream = std::uint64_t{1} << 32U;

/// Grows a tree without the strokes that it does not draw, and adds its votes on them.
void judge_by_stroke(OutOfBag& sums, const Samples& samples, const forest::RankedChannels& ranked,
                     const TrainOptions& options, int tree, const std::stop_token& stop) {
  Random random(options.seed, first_stroke_stream + narrow<std::uint64_t>(tree));
  const forest::StrokeBag bag = forest::draw_stroke_bag(samples, options.class_balance, random);
  if (bag.judged.empty()) return;
  const Forest grown = forest::grow_tree(samples, ranked, bag.draws, options.min_leaf, random, stop);
  add_votes(sums.votes_without_stroke, grown, samples, bag.judged);
}

}  // namespace

TrainedTrees train_trees(const Samples& samples, const TrainOptions& options, int first_tree, int end_tree,
                         int threads, const std::function<void()>& grown, const std::stop_token& stop) {
  const forest::RankedChannels ranked(samples, threads, stop);
  std::vector<Forest> trees(to_size(end_tree - first_tree));
  TrainedTrees trained;
  trained.forest.channel_count = samples.channel_count;
  trained.forest.class_count = samples.class_count;
  trained.out_of_bag = OutOfBag(samples);
  std::mutex sums_mutex;
  run_on_threads(end_tree - first_tree, threads, [&](std::int64_t n) {
    throw_if_stopped(stop);
    Random random(options.seed, narrow<std::uint64_t>(first_tree + n));
    const auto draws = forest::draw_bag(samples, options.class_balance, random);
    auto& tree = trees[to_size(n)];
    tree = forest::grow_tree(samples, ranked, draws, options.min_leaf, random, stop);
    OutOfBag sums(samples);
    add_tree(sums, tree, samples, draws, random, stop);
    const int number = first_tree + narrow<int>(n);
    if (!samples.strokes.empty() && number < stroke_tree_limit)
      judge_by_stroke(sums, samples, ranked, options, number, stop);
    const std::lock_guard lock(sums_mutex);
    add(trained.out_of_bag, sums);
    grown();
  });
  for (const Forest& tree : trees) append(trained.forest, tree);
  return trained;
}

}  // namespace cleft
