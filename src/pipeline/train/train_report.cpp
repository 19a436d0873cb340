#include "pipeline/train/train_report.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "features/set/feature_set.hpp"
#include "forest/predict/forest_voter.hpp"

namespace cleft {
namespace {

constexpr std::size_t max_features = 10, max_name = 100;

std::string percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "-";
  return fmt::format("{:.1f} %", 100 * narrow<double>(part) / narrow<double>(whole));
}

/// A line; empty where strokes are not known. Of a model of 0.1.0 nothing is known.
std::string by_stroke(const TrainingSummary& s) {
  if (s.strokes == 0) return "";
  if (s.judged_by_stroke == 0)
    return "                  not known by stroke: no class has two strokes that lie apart\n";
  const std::int64_t left_out =
      std::accumulate(s.label_counts.begin(), s.label_counts.end(), std::int64_t{0}) - s.judged_by_stroke;
  const std::string without =
      left_out == 0 ? ""
                    : fmt::format("; {} not judged, as of a class of one stroke", counted(left_out, "voxel"));
  return fmt::format("                  {:.2f} % of {}, by stroke ({}{})\n", 100 * s.stroke_error(),
                     counted(s.judged_by_stroke, "labelled voxel"), counted(s.strokes, "stroke"), without);
}

std::string head(const Model& model) {
  const TrainingSummary& s = model.summary;
  const std::int64_t labelled =
      std::accumulate(s.label_counts.begin(), s.label_counts.end(), std::int64_t{0});
  std::string text =
      fmt::format("{} with {}, trained on {} with {}\n", counted(model.forest.tree_count(), "tree"),
                  counted(narrow<std::int64_t>(model.forest.node_count()), "node"),
                  labelled > 0 ? counted(labelled, "labelled voxel") : "an unknown number of labelled voxels",
                  counted(model.forest.channel_count, "feature"));
  if (s.judged() == 0) return text + "out-of-bag error: not known\n";
  text += fmt::format("out-of-bag error: {:.2f} % of {}, by voxel\n", 100 * s.out_of_bag_error(),
                      counted(s.judged(), "labelled voxel"));
  text += by_stroke(s);
  if (s.never_out_of_bag > 0)
    text +=
        fmt::format("not judged: {} that every tree was trained on\n", counted(s.never_out_of_bag, "voxel"));
  text +=
      "Wrong answers of trees that did not see the voxel, or nothing of its stroke. Neither says how well "
      "synapses\n"
      "are found, for which see 'cleft evaluate'.\n";
  return text;
}

/// One row per labelled class, one column per predicted class.
std::string confusion_table(const Model& model) {
  const TrainingSummary& s = model.summary;
  const std::size_t classes = model.classes.size();
  std::size_t width = 8;
  std::vector<std::string> names;
  for (const std::string& name : model.classes) names.push_back(printable(name, max_name));
  for (const std::string& name : names) width = std::max(width, name.size());
  for (const std::int64_t n : s.label_counts) width = std::max(width, std::to_string(n).size());
  const std::string corner = "labelled as \\ predicted as";
  const std::size_t first = std::max(width, corner.size());
  std::string text = fmt::format("\n{:<{}}  {:>{}}", corner, first, "labels", width);
  for (const std::string& name : names) text += fmt::format("  {:>{}}", name, width);
  text += fmt::format("  {:>7}\n", "wrong");
  for (std::size_t row = 0; row < classes; ++row) {
    text += fmt::format("{:<{}}  {:>{}}", names[row], first, s.label_counts[row], width);
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

std::string important_features(const Model& model) {
  const auto names = FeatureSet(model.features, model.voxel_size).channel_names();
  const auto& importance = model.summary.importance;
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return importance[a] > importance[b]; });
  order.resize(std::min(order.size(), max_features));
  std::string text = "\nmost important features (drop in accuracy when the feature is shuffled)\n";
  for (const std::size_t c : order) text += fmt::format("{:>7.2f} %  {}\n", 100 * importance[c], names[c]);
  return text;
}

/// The fraction of samples whose likeliest class, the first of equals, is not their own.
double error_on(const Samples& samples, const Forest& forest) {
  const std::size_t count = samples.labels.size(), classes = to_size(forest.class_count);
  std::vector<const float*> channels;
  for (std::size_t c = 0; c < to_size(samples.channel_count); ++c)
    channels.push_back(samples.values.data() + c * count);
  std::vector<std::vector<float>> probabilities(classes, std::vector<float>(count));
  std::vector<float*> out;
  for (auto& of_class : probabilities) out.push_back(of_class.data());
  ForestVoter(forest).vote(channels, count, out);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < classes; ++c)
      if (probabilities[c][i] > probabilities[best][i]) best = c;
    wrong += best != samples.labels[i] ? 1 : 0;
  }
  return narrow<double>(wrong) / narrow<double>(count);
}

}  // namespace

std::string training_report(const Model& model) {
  if (model.summary.judged() == 0) return head(model);
  return head(model) + confusion_table(model) + important_features(model);
}

std::string comparison_report(const Model& trained, const Model& stored, const Samples& samples) {
  return fmt::format(
      "\nThe project's own classifier ({} trees) gets {:.2f} % of these strokes wrong, this forest {:.2f} "
      "%.\n"
      "Both were trained on them. Out of bag, this forest's error is {:.2f} %; ilastik does not store its "
      "own.\n",
      stored.forest.tree_count(), 100 * error_on(samples, stored.forest),
      100 * error_on(samples, trained.forest), 100 * trained.summary.out_of_bag_error());
}

}  // namespace cleft
