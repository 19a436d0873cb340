#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "forest/forest.hpp"
#include "io/h5/file.hpp"

namespace cleft::test {

/// A forest of `trees` equal stumps as VIGRA stores it: of so many columns, the first of which below
/// `threshold` gives the probabilities `left`, else all the last class.
inline void add_stump(h5::Group& classifier, const std::string& name, double threshold,
                      const std::vector<double>& left, int trees, int columns = 2) {
  h5::Group forest = classifier.create_group(name);
  const auto classes = static_cast<std::int32_t>(left.size());
  forest.write("_options/tree_count_", std::vector<double>{static_cast<double>(trees)});
  forest.write("_options/predict_weighted_", std::vector<double>{0});
  forest.write("_ext_param/column_count_", std::vector<double>{static_cast<double>(columns)});
  forest.write("_ext_param/class_count_", std::vector<double>{static_cast<double>(classes)});
  std::vector<double> parameters{1, threshold, 1};
  parameters.insert(parameters.end(), left.begin(), left.end());
  const auto right = static_cast<std::int32_t>(parameters.size());
  parameters.push_back(1);
  parameters.resize(parameters.size() + left.size(), 0.0);
  parameters.back() = 1;
  const std::vector<std::int32_t> topology{columns, classes, 0, 0, 7, 9, 0, 0x40000000, 2, 0x40000000, right};
  for (int t = 0; t < trees; ++t) {
    forest.write(fmt::format("Tree_{}/topology", t), topology);
    forest.write(fmt::format("Tree_{}/parameters", t), parameters);
  }
}

/// Appends a tree of random tests on the forest's channels, at most `depth` deep, with leaves of whole
/// fractions.
inline void add_random_tree(Forest& forest, std::mt19937& random, int depth) {
  std::uniform_real_distribution<double> threshold(-1.5, 1.5);
  std::uniform_int_distribution<int> count(0, 9), channel(0, forest.channel_count - 1);
  const std::function<std::int32_t(int)> grow = [&](int levels) -> std::int32_t {
    if (levels == 0 || count(random) == 0) {
      std::vector<int> draws(static_cast<std::size_t>(forest.class_count));
      int all = 0;
      for (int& n : draws) all += n = count(random) + 1;
      const auto leaf = static_cast<std::int32_t>(forest.leaf_count());
      for (const int n : draws)
        forest.leaf_fractions.push_back(static_cast<float>(n) / static_cast<float>(all));
      return ~leaf;
    }
    const std::size_t node = forest.node_count();
    forest.channel.push_back(channel(random));
    forest.threshold.push_back(threshold(random));
    forest.left.push_back(0);
    forest.right.push_back(0);
    const std::int32_t left = grow(levels - 1), right = grow(levels - 1);
    forest.left[node] = left;
    forest.right[node] = right;
    return static_cast<std::int32_t>(node);
  };
  forest.roots.push_back(grow(depth));
}

/// What a small project says; a test changes what it is about.
struct SmallProject {
  std::string workflow = "Pixel Classification";
  std::vector<std::string> ids{"GaussianSmoothing", "LaplacianOfGaussian"};
  std::vector<double> scales{0.3, 0.7, 1.6};
  std::vector<std::uint8_t> matrix{1, 0, 0, 0, 0, 1};  ///< [id][scale]
  std::vector<std::uint8_t> in_2d{0, 0, 0};            ///< empty: the entry is left out
  std::vector<std::string> labels{"membrane", "synapse"};
  std::string axes = "zyxc";
  bool trained = true;
  int columns_of_second = 2;  ///< of Autocontext's second stage
};

inline std::string axistags(const std::string& axes) {
  std::string tags;
  for (const char key : axes) tags += fmt::format(R"({}{{"key": "{}"}})", tags.empty() ? "" : ", ", key);
  return R"({"axes": [)" + tags + "]}";
}

/// Writes a project and lets `change` alter it.
inline void write_small_project(const std::filesystem::path& path, const SmallProject& p,
                                const std::function<void(h5::File&)>& change = {}) {
  h5::write_file(path, [&](h5::File& file) {
    file.write_text("ilastikVersion", "1.4.0");
    file.write_text("workflowName", p.workflow);
    for (const std::string suffix : {"", "01"}) {
      if (!suffix.empty() && p.workflow == "Pixel Classification") continue;
      h5::Group selection = file.create_group("FeatureSelections" + suffix);
      selection.write("FeatureIds", p.ids);
      selection.write("Scales", p.scales);
      selection.write("SelectionMatrix", p.matrix, {p.ids.size(), p.scales.size()});
      if (!p.in_2d.empty()) selection.write("ComputeIn2d", p.in_2d);
      h5::Group group = file.create_group("PixelClassification" + suffix);
      group.write("LabelNames", p.labels);
      group.write("LabelColors", std::vector<std::int64_t>{255, 225, 25, 0, 130, 200}, {2, 3});
      if (!p.trained) continue;
      h5::Group classifier = group.create_group("ClassifierForests");
      add_stump(classifier, "Forest0000", 100.0, {1, 0}, 2, suffix.empty() ? 2 : p.columns_of_second);
    }
    h5::Group raw = file.create_group("Input Data/infos/lane0000/Raw Data");
    raw.write_text("filePath", "images\\raw.h5/raw");
    raw.write_text("axistags", axistags(p.axes));
    file.create_group("Input Data/infos/lane0000/Prediction Mask");
    if (change) change(file);
  });
}

}  // namespace cleft::test
