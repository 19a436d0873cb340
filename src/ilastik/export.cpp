#include "ilastik/export.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "features/set/feature_set.hpp"
#include "ilastik/project.hpp"
#include "ilastik/vigra_forest.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

/// Scales (sigma in voxels) that ilastik's window offers; a project may have others.
constexpr std::array default_scales{0.3, 0.7, 1.0, 1.6, 3.5, 5.0, 10.0};

constexpr auto classifier_type =
    "clazyflow.classifiers.parallelVigraRfLazyflowClassifier\nParallelVigraRfLazyflowClassifier\np0\n.";

void check_expressible(const Model& model) {
  const FeatureSelection& features = model.features;
  const std::string subject = "model";
  if (features.sigma_unit == SigmaUnit::nm)
    throw InputError(
        {subject, "has features with sigmas in nm", "sigmas in voxels, which are all that ilastik has"});
  if (features.sections > 0)
    throw InputError({subject, "has features of neighbouring sections", "none, since ilastik has none"});
  if (!model.forest.leaf_weights.empty())
    throw InputError({subject, "has a forest whose leaves have weights", "one that cleft trained"});
}

void check_project(const IlastikProject& project, const Model& model) {
  if (project.workflow != IlastikWorkflow::pixel_classification)
    throw InputError({project.path.string(), "is an autocontext project", "one of pixel classification"});
  std::vector<std::string> names;
  for (const auto& c : project.stages.front().classes) names.push_back(c.name);
  if (names != model.classes)
    throw InputError({project.path.string(), fmt::format("has the labels {}", fmt::join(names, ", ")),
                      fmt::format("those of the model: {}", fmt::join(model.classes, ", "))});
}

/// HDF5's form of a boolean, as h5py writes it.
h5::Handle boolean_type(const std::string& subject) {
  h5::Handle type(H5Tenum_create(H5T_NATIVE_INT8), subject, "describe booleans");
  const std::int8_t no = 0, yes = 1;
  h5::check(H5Tenum_insert(type.get(), "FALSE", &no), subject, "describe booleans");
  h5::check(H5Tenum_insert(type.get(), "TRUE", &yes), subject, "describe booleans");
  return type;
}

void write_flags(h5::Group& group, const std::string& name, const std::vector<std::int8_t>& flags,
                 const h5::Shape& shape) {
  const h5::Handle type = boolean_type(group.name());
  group.create_dataset(name, type.get(), shape).write_as(type.get(), flags.data());
}

/// The model's scales and ilastik's default ones: ascending, as ilastik's window shows them, or, where the
/// model's do not ascend, those first and in the model's order.
std::vector<double> scales_for(const FeatureSelection& selection) {
  std::vector<double> scales;
  for (const auto& scale : selection.scales) scales.push_back(scale.sigma);
  const bool ascend = std::is_sorted(scales.begin(), scales.end());
  for (const double scale : default_scales)
    if (std::find(scales.begin(), scales.end(), scale) == scales.end()) scales.push_back(scale);
  if (ascend) std::sort(scales.begin(), scales.end());
  return scales;
}

/// The filters in the model's order, then those that it does not use.
std::vector<FeatureKind> kinds_for(const FeatureSelection& selection) {
  std::vector<FeatureKind> rows;
  const auto add = [&rows](FeatureKind kind) {
    if (std::find(rows.begin(), rows.end(), kind) == rows.end()) rows.push_back(kind);
  };
  for (const Feature& feature : selection.features) add(feature.kind);
  for (const FeatureKind kind : ilastik_kinds) add(kind);
  return rows;
}

void write_features(h5::Group group, const FeatureSelection& selection) {
  const std::vector<double> scales = scales_for(selection);
  const std::vector<FeatureKind> rows = kinds_for(selection);
  const auto column = [&](double sigma) {
    return to_size(std::find(scales.begin(), scales.end(), sigma) - scales.begin());
  };
  const auto row = [&](FeatureKind kind) {
    return to_size(std::find(rows.begin(), rows.end(), kind) - rows.begin());
  };
  std::vector<std::int8_t> matrix(rows.size() * scales.size(), 0), in_2d(scales.size(), 0);
  for (const Feature& feature : selection.features)
    matrix[row(feature.kind) * scales.size() + column(selection.scales[feature.scale].sigma)] = 1;
  for (const auto& scale : selection.scales)
    in_2d[column(scale.sigma)] = scale.dimensions == Dimensions::two ? 1 : 0;
  std::vector<std::string> ids;
  for (const FeatureKind kind : rows) ids.emplace_back(kind_name(kind));

  for (const auto* name : {"FeatureIds", "Scales", "SelectionMatrix", "ComputeIn2d"}) group.remove(name);
  group.write("FeatureIds", ids);
  group.write("Scales", scales);
  write_flags(group, "SelectionMatrix", matrix, {rows.size(), scales.size()});
  write_flags(group, "ComputeIn2d", in_2d, {scales.size()});
}

/// What each of a selection's features is, in their order.
std::vector<std::tuple<FeatureKind, double, Dimensions>> columns_of(const FeatureSelection& selection) {
  std::vector<std::tuple<FeatureKind, double, Dimensions>> columns;
  for (const Feature& feature : selection.features) {
    const auto& scale = selection.scales[feature.scale];
    columns.emplace_back(feature.kind, scale.sigma, scale.dimensions);
  }
  return columns;
}

/// ilastik orders channels by filter, then by scale, and has one column for each sigma, so that it cannot
/// express every model. Reads back what was written, as ilastik would, and refuses it if the forest's columns
/// are others.
void check_features(const std::filesystem::path& written, const FeatureSelection& features) {
  const FeatureSelection selection =
      selection_of_stage(read_ilastik_project(written), 0, features.dialect, std::nullopt);
  if (columns_of(selection) != columns_of(features))
    throw InputError({"model", "has features that no project of ilastik can hold as they are",
                      "all of a filter together, at sigmas in the same order for every filter, each sigma "
                      "either in 2D or in 3D"});
}

/// The trees [begin, end) of a forest as a forest of their own.
Forest part_of(const Forest& forest, int begin, int end) {
  Forest part = forest;
  part.roots.assign(forest.roots.begin() + begin, forest.roots.begin() + end);
  part.sub_forest_ends.clear();
  return part;
}

void write_classifier(h5::Group group, const Model& model) {
  const Forest& forest = model.forest;
  std::int64_t samples = 0;
  for (const auto count : model.summary.label_counts) samples += count;
  std::vector<std::int32_t> ends = forest.sub_forest_ends;
  if (ends.empty()) ends.push_back(forest.tree_count());
  std::int32_t begin = 0;
  for (std::size_t f = 0; f < ends.size(); ++f) {
    write_vigra_forest(group.create_group(fmt::format("Forest{:04}", f)), part_of(forest, begin, ends[f]),
                       samples);
    begin = ends[f];
  }
  std::vector<std::uint32_t> labels;
  for (std::uint32_t c = 1; c <= model.classes.size(); ++c) labels.push_back(c);
  group.write("known_labels", labels);
  group.write("feature_names", FeatureSet(model.features, std::nullopt).channel_names());
  group.write_text("pickled_type", classifier_type);
}

/// Copies a file so that the copy can be written to, even where the original may not.
void copy_writable(const std::filesystem::path& from, const std::filesystem::path& to) {
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::copy_file(from, to, failed);  // only where nothing is
  if (!failed) fs::permissions(to, fs::perms::owner_write, fs::perm_options::add, failed);
  if (failed) throw IoError({to.string(), "cannot be written: " + failed.message(), ""});
}

void write_model_into(const std::filesystem::path& project, const Model& model) {
  h5::File file = h5::File::open_write(project);
  write_features(file.group("FeatureSelections"), model.features);
  file.remove("PixelClassification/ClassifierForests");
  write_classifier(file.create_group("PixelClassification/ClassifierForests"), model);
  file.close();
}

}  // namespace

void export_model_to_project(const Model& model, const std::filesystem::path& project,
                             const std::filesystem::path& copy) {
  check_expressible(model);
  check_project(read_ilastik_project(project), model);
  if (std::filesystem::exists(copy) && std::filesystem::equivalent(project, copy))
    throw InputError({copy.string(), "is the project itself", "another name for the copy"});
  remove_leftovers(copy);
  const std::filesystem::path part = temporary_name(copy);
  try {
    copy_writable(project, part);
    write_model_into(part, model);
    check_features(part, model.features);
    publish_file(part, copy);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw;
  }
}

}  // namespace cleft
