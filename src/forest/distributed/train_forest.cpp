#include "forest/distributed/train_forest.hpp"

#include <span>

#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "blocks/ownership.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

/// How much of each gathered array is one rank's.
struct Share {
  std::size_t trees, nodes, leaf_values;
};

/// The forests of all ranks, gathered on rank 0 as one long array of each kind.
class GatheredForests {
 public:
  GatheredForests(const Communicator& comm, const Forest& mine)
      : shares_(comm.all_gather(Share{mine.roots.size(), mine.node_count(), mine.leaf_fractions.size()})),
        roots_(comm.gather(std::span(mine.roots))),
        channel_(comm.gather(std::span(mine.channel))),
        threshold_(comm.gather(std::span(mine.threshold))),
        left_(comm.gather(std::span(mine.left))),
        right_(comm.gather(std::span(mine.right))),
        leaf_fractions_(comm.gather(std::span(mine.leaf_fractions))) {}

  /// Cuts the arrays into the ranks' forests and appends these to `forest`, in the order of the ranks. On
  /// rank 0.
  void append_to(Forest& forest) const {
    std::size_t tree = 0, node = 0, leaf_value = 0;
    for (const Share& share : shares_) {
      Forest part;
      part.channel_count = forest.channel_count;
      part.class_count = forest.class_count;
      part.roots = slice(roots_, tree, share.trees);
      part.channel = slice(channel_, node, share.nodes);
      part.threshold = slice(threshold_, node, share.nodes);
      part.left = slice(left_, node, share.nodes);
      part.right = slice(right_, node, share.nodes);
      part.leaf_fractions = slice(leaf_fractions_, leaf_value, share.leaf_values);
      append(forest, part);
      tree += share.trees;
      node += share.nodes;
      leaf_value += share.leaf_values;
    }
  }

 private:
  template <class T>
  static std::vector<T> slice(const std::vector<T>& values, std::size_t begin, std::size_t count) {
    const auto first = values.begin() + narrow<std::ptrdiff_t>(begin);
    return {first, first + narrow<std::ptrdiff_t>(count)};
  }

  std::vector<Share> shares_;
  std::vector<std::int32_t> roots_, channel_;
  std::vector<double> threshold_;
  std::vector<std::int32_t> left_, right_;
  std::vector<float> leaf_fractions_;
};

}  // namespace

TrainedTrees train_forest(const Communicator& comm, const Samples& samples, const TrainOptions& options,
                          int threads, const std::stop_token& stop) {
  TrainedTrees trained;
  const NumberRange mine = owned_range(options.trees, comm.rank(), comm.size());
  int stopped = 0;
  all_or_throw(comm, [&] {
    Progress progress("train", mine.size(), comm.is_root(), "trees");
    try {
      trained = train_trees(
          samples, options, narrow<int>(mine.begin), narrow<int>(mine.end), threads, [&] { progress.add(1); },
          stop);
    } catch (const Stopped&) {
      stopped = 1;
    }
  });
  if (comm.sum(stopped) > 0) throw Stopped();
  comm.sum(std::span(trained.out_of_bag.votes));
  comm.sum(std::span(trained.out_of_bag.votes_without_stroke));
  comm.sum(std::span(trained.out_of_bag.right_answers_lost));
  trained.out_of_bag.answers = comm.sum(trained.out_of_bag.answers);
  if (comm.size() == 1) return trained;
  const GatheredForests parts(comm, trained.forest);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    Forest whole;
    whole.channel_count = samples.channel_count;
    whole.class_count = samples.class_count;
    parts.append_to(whole);
    trained.forest = std::move(whole);
  });
  return trained;
}

}  // namespace cleft
