#include "pipeline/train_report.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "features/feature_set.hpp"

namespace cleft {
namespace {

constexpr std::size_t most_channels = 10;

std::string percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "-";
  return fmt::format("{:.1f} %", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string head(const Model& model) {
  const TrainingSummary& s = model.summary;
  const std::int64_t labelled =
      std::accumulate(s.label_counts.begin(), s.label_counts.end(), std::int64_t{0});
  std::string text =
      fmt::format("{} trees, {} nodes, from {} labelled voxels with {} channels\n", model.forest.tree_count(),
                  model.forest.node_count(), labelled, model.forest.channel_count);
  text += fmt::format("out-of-bag error: {:.2f} % of {} voxels\n", 100 * s.out_of_bag_error(), s.judged());
  if (s.never_out_of_bag > 0)
    text += fmt::format("not judged: {} voxels that every tree was trained on\n", s.never_out_of_bag);
  return text;
}

/// One row per labelled class, one column per answered class.
std::string confusion_table(const Model& model) {
  const TrainingSummary& s = model.summary;
  const std::size_t classes = model.classes.size();
  std::size_t width = 8;
  for (const std::string& name : model.classes) width = std::max(width, name.size());
  for (const std::int64_t n : s.label_counts) width = std::max(width, std::to_string(n).size());
  const std::string corner = "labelled \\ answered";
  const std::size_t first = std::max(width, corner.size());
  std::string text = fmt::format("\n{:<{}}  {:>{}}", corner, first, "labels", width);
  for (const std::string& name : model.classes) text += fmt::format("  {:>{}}", name, width);
  text += fmt::format("  {:>7}\n", "wrong");
  for (std::size_t row = 0; row < classes; ++row) {
    text += fmt::format("{:<{}}  {:>{}}", model.classes[row], first, s.label_counts[row], width);
    std::int64_t all = 0;
    for (std::size_t column = 0; column < classes; ++column) {
      const std::int64_t n = s.confusion[row * classes + column];
      all += n;
      text += fmt::format("  {:>{}}", n, width);
    }
    text += fmt::format("  {:>7}\n", percent(all - s.confusion[row * classes + row], all));
  }
  return text;
}

std::string important_channels(const Model& model) {
  const auto names = FeatureSet(model.features, model.voxel_size).channel_names();
  const auto& importance = model.summary.importance;
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return importance[a] > importance[b]; });
  order.resize(std::min(order.size(), most_channels));
  std::string text =
      "\nmost important channels (right answers lost when the channel's values are permuted)\n";
  for (const std::size_t c : order) text += fmt::format("{:>7.2f} %  {}\n", 100 * importance[c], names[c]);
  return text;
}

}  // namespace

std::string training_report(const Model& model) {
  return head(model) + confusion_table(model) + important_channels(model);
}

}  // namespace cleft
