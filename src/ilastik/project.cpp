#include "ilastik/project.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utf8.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "features/set/feature_set.hpp"
#include "ilastik/stored_text.hpp"
#include "ilastik/vigra_forest.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

// More than any real project has: keeps a hostile one from claiming memory.
constexpr std::size_t max_classes = 255, max_scales = 1000;

[[noreturn]] void refuse(const std::string& subject, const std::string& found, const std::string& expected) {
  throw InputError({subject, found, expected});
}

IlastikWorkflow workflow_of(const h5::File& file) {
  // ilastik looks a workflow up by its stored name, its class and its name in the window, and stores any of
  // them: the class since 1.4.0b15 for autocontext, and in projects that were never saved in the window.
  const std::string name = stored_text(file, "workflowName");
  if (name == "Pixel Classification" || name == "PixelClassificationWorkflow")
    return IlastikWorkflow::pixel_classification;
  if (name == "Autocontext (2-stage)" || name == "AutocontextTwoStage") return IlastikWorkflow::autocontext;
  refuse(file.name(), "is a project of ilastik's workflow " + in_quotes(name),
         "Pixel Classification or Autocontext (2-stage)");
}

FeatureKind kind_named(const std::string& name, const std::string& subject) {
  const auto* const found = std::find_if(ilastik_kinds.begin(), ilastik_kinds.end(),
                                         [&](FeatureKind kind) { return name == kind_name(kind); });
  if (found != ilastik_kinds.end()) return *found;
  std::vector<std::string> names;
  for (const FeatureKind kind : ilastik_kinds) names.emplace_back(kind_name(kind));
  refuse(subject, "names the feature '" + name + "'", fmt::format("one of {}", fmt::join(names, ", ")));
}

std::vector<bool> flags(const h5::Dataset& dataset) {
  const auto numbers = dataset.read<std::int8_t>();
  std::vector<bool> flags;
  for (const auto n : numbers) flags.push_back(n != 0);
  return flags;
}

IlastikFeatures read_features(const h5::Group& group) {
  IlastikFeatures features;
  if (!group.has_dataset("FeatureIds") || !group.has_dataset("SelectionMatrix"))
    refuse(group.name(), "selects no features", "a project in which features were selected");
  for (const auto& name : stored_texts(group, "FeatureIds")) {
    const FeatureKind kind = kind_named(name, group.name() + "/FeatureIds");
    if (std::find(features.kinds.begin(), features.kinds.end(), kind) != features.kinds.end())
      refuse(group.name() + "/FeatureIds", "names " + name + " twice", "each feature once");
    features.kinds.push_back(kind);
  }
  features.scales = group.dataset("Scales").read<double>();
  if (features.scales.size() > max_scales)
    refuse(group.name() + "/Scales", fmt::format("has {} scales", features.scales.size()),
           fmt::format("at most {}", max_scales));
  const h5::Dataset matrix = group.dataset("SelectionMatrix");
  const h5::Shape expected{features.kinds.size(), features.scales.size()};
  if (matrix.shape() != expected)
    refuse(matrix.name(), fmt::format("is {}", fmt::join(matrix.shape(), " x ")),
           fmt::format("features x scales, {}", fmt::join(expected, " x ")));
  features.selected = flags(matrix);
  if (group.has_dataset("ComputeIn2d")) features.in_2d = flags(group.dataset("ComputeIn2d"));
  if (!features.in_2d.empty() && features.in_2d.size() != features.scales.size())
    refuse(group.name() + "/ComputeIn2d", fmt::format("has {} entries", features.in_2d.size()),
           fmt::format("{}, one for each scale", features.scales.size()));
  return features;
}

/// A list that ilastik marks with an attribute when it is empty, because it then stores a number without
/// meaning.
bool is_marked_empty(const h5::Dataset& list) {
  return list.has_attribute("isEmpty") && list.scalar_attribute<std::int8_t>("isEmpty") != 0;
}

std::vector<IlastikClass> read_classes(const h5::Group& group) {
  std::vector<IlastikClass> classes;
  if (!group.has_dataset("LabelNames") || is_marked_empty(group.dataset("LabelNames"))) return classes;
  for (const auto& name : stored_texts(group, "LabelNames")) classes.push_back({name, {}});
  if (classes.size() > max_classes)
    refuse(group.name() + "/LabelNames", fmt::format("has {} labels", classes.size()),
           fmt::format("at most {}", max_classes));
  if (!group.has_dataset("LabelColors") || is_marked_empty(group.dataset("LabelColors"))) return classes;
  const auto colors = group.dataset("LabelColors").read<std::int64_t>();
  for (std::size_t i = 0; i < 3 * classes.size() && i < colors.size(); ++i)
    classes[i / 3].color.at(i % 3) = narrow<std::uint8_t>(std::clamp<std::int64_t>(colors[i], 0, 255));
  return classes;
}

/// The name of a Python class in its pickled text: protocol 0 writes "c<module>\n<class>\n".
std::string classifier_type(const std::string& pickled) {
  std::string name = pickled.substr(std::min(pickled.find('\n') + 1, pickled.size()));
  const auto is_of_a_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  name.erase(std::find_if_not(name.begin(), name.end(), is_of_a_name), name.end());
  return name;
}

Forest read_classifier(const h5::Group& group, const std::string& project, std::size_t class_count) {
  if (!group.exists("ClassifierForests"))
    refuse(project, "holds no trained classifier",
           "a project that was trained (Live Update) and saved in ilastik, or labels to train from");
  const h5::Group classifier = group.group("ClassifierForests");
  if (classifier.has_dataset("pickled_type")) {
    const std::string pickled = stored_text(classifier, "pickled_type");
    if (pickled.find("ParallelVigraRfLazyflowClassifier") == std::string::npos)
      refuse(classifier.name(), "is a classifier of ilastik's type '" + classifier_type(pickled) + "'",
             "its default, ParallelVigraRfLazyflowClassifier");
  }
  return read_vigra_forests(classifier, narrow<std::int32_t>(class_count));
}

/// Calls `read` and returns what it refuses, if anything, instead of throwing it: a project of which a part
/// cannot be used may still be good for its other parts.
template <class Read>
std::optional<InputError> kept_refusal(const Read& read) {
  try {
    read();
    return std::nullopt;
  } catch (const InputError& error) {
    return error;
  }
}

IlastikStage read_stage(const h5::File& file, const std::string& suffix, const std::string& project) {
  const std::string classification = "PixelClassification" + suffix;
  const std::string selections = "FeatureSelections" + suffix;
  IlastikStage stage;
  if (!file.exists(classification) || !file.exists(selections))
    refuse(file.name(), "has no " + (file.exists(selections) ? classification : selections),
           "a project with features and labels");
  stage.why_no_features = kept_refusal([&] { stage.features = read_features(file.group(selections)); });
  const h5::Group group = file.group(classification);
  stage.classes = read_classes(group);
  stage.why_no_forest =
      kept_refusal([&] { stage.forest = read_classifier(group, project, stage.classes.size()); });
  return stage;
}

/// The features in the order of their channels: by filter, then by scale. Unused scales are left out.
FeatureSelection selection_of(const IlastikFeatures& features, FilterDialect dialect,
                              bool in_2d_unless_said) {
  FeatureSelection selection;
  selection.dialect = dialect;
  std::vector<std::size_t> index(features.scales.size());
  for (std::size_t s = 0; s < features.scales.size(); ++s) {
    index[s] = selection.scales.size();
    bool used = false;
    for (std::size_t k = 0; k < features.kinds.size(); ++k) used = used || features.is_selected(k, s);
    const bool in_2d = features.in_2d.empty() ? in_2d_unless_said : features.in_2d[s];
    if (used) selection.scales.push_back({features.scales[s], in_2d ? Dimensions::two : Dimensions::three});
  }
  for (std::size_t k = 0; k < features.kinds.size(); ++k)
    for (std::size_t s = 0; s < features.scales.size(); ++s)
      if (features.is_selected(k, s)) selection.features.push_back({features.kinds[k], index[s]});
  return selection;
}

/// How many channels the features make of one image channel.
/// \throws InputError where FeatureSet throws ConfigError: here it is the project's fault.
int channels_per_image_channel(const FeatureSelection& selection, const std::string& subject) {
  try {
    return FeatureSet(selection, std::nullopt).channel_count();
  } catch (const ConfigError& error) {
    throw InputError({subject, error.what(), ""});
  }
}

template <class T>
void add(Checksum& sum, const std::vector<T>& values) {
  sum.add(std::as_bytes(std::span(values)));
}

/// A checksum of all that decides what the model answers.
std::uint64_t checksum_of(const Model& model) {
  const Forest& f = model.forest;
  Checksum sum;
  add(sum, f.roots);
  add(sum, f.channel);
  add(sum, f.threshold);
  add(sum, f.left);
  add(sum, f.right);
  add(sum, f.leaf_fractions);
  add(sum, f.leaf_weights);
  add(sum, f.sub_forest_ends);
  std::vector<double> features{static_cast<double>(model.features.dialect),
                               narrow<double>(model.features.image_channels)};
  for (const auto& scale : model.features.scales)
    features.insert(features.end(), {scale.sigma, static_cast<double>(scale.dimensions)});
  for (const Feature& feature : model.features.features)
    features.insert(features.end(), {static_cast<double>(feature.kind), narrow<double>(feature.scale)});
  add(sum, features);
  return sum.value();
}

/// Whether the images are single sections: the volume if it is known, else all images of the project.
bool has_one_section(const IlastikProject& project, const std::optional<Extent>& volume) {
  if (volume) return volume->z == 1;
  return !project.images.empty() &&
         std::all_of(project.images.begin(), project.images.end(),
                     [](const IlastikImage& image) { return image.sections == 1; });
}

std::string name_of_stage(const IlastikProject& project, std::size_t stage) {
  return project.path.string() + (project.stages.size() > 1 ? fmt::format(" (stage {})", stage + 1) : "");
}

}  // namespace

IlastikProject read_ilastik_project(const std::filesystem::path& path) {
  return read_ilastik_project(h5::File::open_read(path), path);
}

IlastikProject read_ilastik_project(const h5::File& file, const std::filesystem::path& path) {
  if (!file.has_dataset("workflowName"))
    refuse(path.string(), "is no project of ilastik: it names no workflow", "an .ilp file");
  IlastikProject project;
  project.path = path;
  project.workflow = workflow_of(file);
  project.version = stored_text_or_empty(file, "ilastikVersion");
  const bool two_stages = project.workflow == IlastikWorkflow::autocontext;
  project.stages.push_back(read_stage(file, "", path.string() + (two_stages ? " (stage 1)" : "")));
  if (two_stages) project.stages.push_back(read_stage(file, "01", path.string() + " (stage 2)"));
  project.images = read_images(file);
  return project;
}

bool is_ilastik_project(const std::filesystem::path& path) {
  try {
    return h5::File::open_read(path).has_dataset("workflowName");
  } catch (const Error&) {
    return false;
  }
}

FeatureSelection selection_of_stage(const IlastikProject& project, std::size_t stage, FilterDialect dialect,
                                    const std::optional<Extent>& volume) {
  const IlastikStage& s = project.stages[stage];
  const std::string subject = name_of_stage(project, stage);
  if (s.why_no_features) throw InputError(*s.why_no_features);
  FeatureSelection selection = selection_of(s.features, dialect, has_one_section(project, volume));
  if (selection.features.empty()) refuse(subject, "selects no features", "at least one");
  const int per_channel = channels_per_image_channel(selection, subject);
  const bool fits = !s.forest || s.forest->channel_count % per_channel == 0;
  return fits || !s.features.in_2d.empty() ? selection : selection_of(s.features, dialect, true);
}

Model model_of_stage(const IlastikProject& project, std::size_t stage, FilterDialect dialect,
                     const std::optional<Extent>& volume) {
  const IlastikStage& s = project.stages[stage];
  const std::string subject = name_of_stage(project, stage);
  if (!s.forest) throw InputError(*s.why_no_forest);
  const auto columns = narrow<int>(s.forest->channel_count);
  Model model;
  model.features = selection_of_stage(project, stage, dialect, volume);
  const int per_channel = channels_per_image_channel(model.features, subject);
  if (columns % per_channel != 0)
    refuse(subject, fmt::format("its forest has {} columns", columns),
           fmt::format("a multiple of the {} channels that its features make", per_channel));
  model.features.image_channels = columns / per_channel;
  model.forest = *s.forest;
  for (const IlastikClass& c : s.classes) model.classes.push_back(c.name);
  const std::size_t classes = s.classes.size();
  model.summary.label_counts.assign(classes, 0);
  model.summary.confusion.assign(classes * classes, 0);
  model.summary.importance.assign(to_size(columns), 0);
  model.checksum = checksum_of(model);
  return model;
}

}  // namespace cleft
