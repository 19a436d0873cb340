#include "pipeline/describe/describe_project.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "ilastik/labels.hpp"
#include "ilastik/project.hpp"

namespace cleft {
namespace {

constexpr std::size_t max_name = 100;

std::string line(std::string_view name, const std::string& value) {
  return fmt::format("  {:<12} {}\n", name, printable(value));
}

std::string describe_features(const IlastikStage& stage) {
  if (stage.why_no_features) return line("features", fmt::format("none: {}", stage.why_no_features->what()));
  const IlastikFeatures& features = stage.features;
  std::string text = fmt::format("  {:<31}", "features");
  for (const double scale : features.scales) text += fmt::format("{:>6}", scale);
  text += "\n";
  for (std::size_t k = 0; k < features.kinds.size(); ++k) {
    text += fmt::format("    {:<29}", kind_name(features.kinds[k]));
    for (std::size_t s = 0; s < features.scales.size(); ++s)
      text += fmt::format("{:>6}", features.is_selected(k, s) ? "x" : ".");
    text += "\n";
  }
  text += fmt::format("    {:<29}", "computed in");
  for (std::size_t s = 0; s < features.scales.size(); ++s)
    text += fmt::format("{:>6}", features.in_2d.empty() ? "?" : features.in_2d[s] ? "2D" : "3D");
  return text + "\n";
}

std::string describe_forest(const IlastikStage& stage) {
  if (!stage.forest) return line("forests", fmt::format("none: {}", stage.why_no_forest->what()));
  const Forest* forest = &*stage.forest;
  const auto forests = std::max<std::size_t>(forest->sub_forest_ends.size(), 1);
  return line("forests",
              fmt::format("{} with {} trees, {} nodes and {} leaves in all, on {} columns{}", forests,
                          forest->tree_count(), forest->node_count(), forest->leaf_count(),
                          forest->channel_count, forest->leaf_weights.empty() ? "" : ", leaves weighted"));
}

/// What is labelled over all images.
struct Labels {
  std::vector<std::int64_t> by_class;
  std::vector<std::string> unusable;  ///< why labels cannot be used for training, of each image with such
};

Labels count_labels(const IlastikProject& project, std::size_t stage) {
  Labels labels;
  labels.by_class.resize(project.stages[stage].classes.size());
  for (std::size_t image = 0; image < project.images.size(); ++image) {
    const auto [of_image, unusable] = count_project_labels(project, image, stage);
    labels.by_class.resize(std::max(labels.by_class.size(), of_image.size()), 0);
    for (std::size_t c = 0; c < of_image.size(); ++c) labels.by_class[c] += of_image[c];
    if (unusable) labels.unusable.emplace_back(unusable->what());
  }
  return labels;
}

std::string describe_classes(const std::vector<IlastikClass>& classes,
                             const std::vector<std::int64_t>& counts) {
  if (classes.empty()) return line("classes", "none");
  std::string text;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto& [red, green, blue] = classes[c].color;
    text += line(c == 0 ? "classes" : "",
                 fmt::format("{}  #{:02x}{:02x}{:02x}  {}", printable(classes[c].name, max_name), red, green,
                             blue, counted(counts[c], "labelled voxel")));
  }
  return text;
}

}  // namespace

std::string describe_project(const std::filesystem::path& file) {
  const IlastikProject project = read_ilastik_project(file);
  const bool autocontext = project.workflow == IlastikWorkflow::autocontext;
  std::string text = printable(file.string()) + "\n";
  text += line("ilastik", project.version.empty() ? "of an unknown version" : project.version);
  text += line("workflow", autocontext ? "Autocontext (2-stage)" : "Pixel Classification");
  for (std::size_t s = 0; s < project.stages.size(); ++s) {
    if (autocontext) text += fmt::format("  stage {}\n", s + 1);
    const IlastikStage& stage = project.stages[s];
    const Labels labels = count_labels(project, s);
    text += describe_classes(stage.classes, labels.by_class);
    for (const std::string& reason : labels.unusable)
      text += line("labels", "cannot be used for training: " + reason);
    text += describe_features(stage) + describe_forest(stage);
  }
  for (const IlastikImage& image : project.images) {
    const std::string path = image.file_path.empty() ? "" : image.file_path + " ";
    text += line("image", image.in_project ? path + "inside the project"
                          : path.empty()   ? "none"
                                           : image.file_path);
    if (!image.axes.empty()) text += line("  axes", image.axes);
    if (const auto extent = extent_of(image)) text += line("  extent", to_string(*extent));
    if (!image.mask_path.empty()) text += line("  mask", image.mask_path);
  }
  return text;
}

}  // namespace cleft
