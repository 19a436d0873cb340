#include "forest/files/model_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <utf8.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "features/set/feature_set.hpp"
#include "io/h5/file.hpp"
#include "io/sealed_file.hpp"

namespace cleft {
namespace {

constexpr SealedFormat model_format{"cleft model", 1};

/// Names in the file, in the order of their enumerators.

std::array<const char*, 6> kind_names() {
  std::array<const char*, 6> names{};
  for (std::size_t k = 0; k < names.size(); ++k) names[k] = kind_name(static_cast<FeatureKind>(k));
  return names;
}

template <class Enum, std::size_t n>
const char* to_name(Enum value, const std::array<const char*, n>& names) {
  return names.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t n>
Enum from_name(const std::string& name, const std::array<const char*, n>& names, const std::string& subject) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw InputError({subject, "says '" + name + "'", fmt::format("one like '{}'", names[0])});
  return static_cast<Enum>(found - names.begin());
}

template <HasWords Enum>
Enum from_word(const std::string& word, const std::string& subject) {
  if (const auto value = parse_enum<Enum>(word)) return *value;
  throw InputError(
      {subject, "says '" + word + "'", fmt::format("one like '{}'", EnumWords<Enum>::list.front().word)});
}

void write_forest(h5::Group group, const Forest& forest) {
  group.set_attribute("channel_count", forest.channel_count);
  group.write("roots", forest.roots);
  group.write("channel", forest.channel);
  group.write("threshold", forest.threshold);
  group.write("left", forest.left);
  group.write("right", forest.right);
  group.write("leaf_fractions", forest.leaf_fractions,
              {forest.leaf_count(), narrow<hsize_t>(forest.class_count)});
  if (!forest.leaf_weights.empty()) group.write("leaf_weights", forest.leaf_weights);
  if (!forest.sub_forest_ends.empty()) group.write("forest_ends", forest.sub_forest_ends);
}

/// A list of whole numbers, which HDF5 would convert from any number: "1.5" is no reference to a node.
template <class T>
std::vector<T> whole_numbers(const h5::Group& group, const std::string& name) {
  const h5::Dataset dataset = group.dataset(name);
  if (dataset.type_class() != H5T_INTEGER)
    throw InputError({dataset.name(), "holds other than whole numbers", "whole numbers"});
  return dataset.read<T>();
}

Forest read_forest(const h5::Group& group) {
  Forest forest;
  forest.channel_count = group.scalar_attribute<std::int32_t>("channel_count");
  forest.roots = whole_numbers<std::int32_t>(group, "roots");
  forest.channel = whole_numbers<std::int32_t>(group, "channel");
  forest.threshold = group.dataset("threshold").read<double>();
  forest.left = whole_numbers<std::int32_t>(group, "left");
  forest.right = whole_numbers<std::int32_t>(group, "right");
  const h5::Dataset fractions = group.dataset("leaf_fractions");
  const h5::Shape shape = fractions.shape();
  constexpr hsize_t max_classes = 255;
  if (shape.size() != 2 || shape[1] > max_classes)
    throw InputError(
        {fractions.name(), fmt::format("has {} axes", shape.size()), "leaves and at most 255 classes"});
  forest.class_count = narrow<std::int32_t>(shape[1]);
  forest.leaf_fractions = fractions.read<float>();
  if (group.exists("leaf_weights")) forest.leaf_weights = group.dataset("leaf_weights").read<double>();
  if (group.exists("forest_ends")) forest.sub_forest_ends = whole_numbers<std::int32_t>(group, "forest_ends");
  return forest;
}

void write_features(h5::Group group, const Model& model) {
  const FeatureSelection& selection = model.features;
  group.set_attribute("sigma_unit", std::string(to_string(selection.sigma_unit)));
  group.set_attribute("structure_tensor", std::string(to_string(selection.dialect)));
  group.set_attribute("sections", selection.sections);
  group.set_attribute("image_channels", selection.image_channels);
  std::vector<double> sigmas;
  std::vector<std::string> dimensions, kinds;
  std::vector<std::uint64_t> scales;
  for (const auto& choice : selection.scales) {
    sigmas.push_back(choice.sigma);
    dimensions.emplace_back(to_string(choice.dimensions));
  }
  for (const Feature& feature : selection.features) {
    kinds.emplace_back(kind_name(feature.kind));
    scales.push_back(feature.scale);
  }
  group.write("scale_sigma", sigmas);
  group.write("scale_dimensions", dimensions);
  group.write("kind", kinds);
  group.write("scale", scales);
  group.write("channel_names", FeatureSet(selection, model.voxel_size).channel_names());
}

FilterDialect read_dialect(const h5::Group& group) {
  const auto text = group.scalar_attribute<std::string>("structure_tensor");
  if (text == "ilastik_1_2") return FilterDialect::ilastik_1_2;  // what cleft 0.1.0 wrote
  if (const auto dialect = parse_enum<FilterDialect>(text)) return *dialect;
  throw InputError(
      {group.name(), "says '" + text + "'", fmt::format("one like '{}'", to_string(FilterDialect::ilastik))});
}

/// Bounds what the number of channels is computed from, so that it stays a number, and small enough to be
/// compared with the forest's before memory is taken for as many names.
void check_counts(const FeatureSelection& selection, std::size_t scales, std::size_t features,
                  const std::string& subject) {
  constexpr int max_sections = 16, max_image_channels = 1024;
  constexpr std::size_t max_scales = 1000, max_features = 6000;
  const auto bounded = [&](const std::string& what, auto value, auto least, auto most) {
    if (value < least || value > most)
      throw InputError(
          {subject, fmt::format("has {} {}", value, what), fmt::format("{} to {}", least, most)});
  };
  bounded("neighbouring sections", selection.sections, 0, max_sections);
  bounded("image channels", selection.image_channels, 1, max_image_channels);
  bounded("scales", scales, std::size_t{1}, max_scales);
  bounded("features", features, std::size_t{1}, max_features);
}

FeatureSelection read_features(const h5::Group& group) {
  FeatureSelection selection;
  selection.sigma_unit =
      from_word<SigmaUnit>(group.scalar_attribute<std::string>("sigma_unit"), group.name());
  selection.dialect = read_dialect(group);
  selection.sections = group.scalar_attribute<int>("sections");
  // Models of cleft's first versions do not have it: they are of images with a single channel.
  if (group.has_attribute("image_channels"))
    selection.image_channels = group.scalar_attribute<int>("image_channels");
  const auto sigmas = group.dataset("scale_sigma").read<double>();
  const auto dimensions = group.dataset("scale_dimensions").read<std::string>();
  const auto kinds = group.dataset("kind").read<std::string>();
  const auto scales = whole_numbers<std::uint64_t>(group, "scale");
  check_counts(selection, sigmas.size(), kinds.size(), group.name());
  if (sigmas.size() != dimensions.size() || kinds.size() != scales.size())
    throw InputError({group.name(), "its lists differ in length", "one entry per scale and per feature"});
  for (std::size_t s = 0; s < sigmas.size(); ++s)
    selection.scales.push_back({sigmas[s], from_word<Dimensions>(dimensions[s], group.name())});
  for (std::size_t f = 0; f < kinds.size(); ++f) {
    if (scales[f] >= sigmas.size())
      throw InputError({group.name(), fmt::format("feature {} is at scale {}", f, scales[f]),
                        fmt::format("a scale below {}", sigmas.size())});
    selection.features.push_back({from_name<FeatureKind>(kinds[f], kind_names(), group.name()), scales[f]});
  }
  return selection;
}

void write_grey(h5::File& file, const GreyValues& grey) {
  if (!grey.known()) return;
  file.set_attribute("grey_type", grey.type);
  file.set_attribute("grey_range", std::vector<float>{grey.range.min, grey.range.max});
}

GreyValues read_grey(const h5::File& file) {
  if (!file.has_attribute("grey_range")) return {};
  const auto range = file.attribute<float>("grey_range");
  if (range.size() != 2 || !(range[0] <= range[1]) || !std::isfinite(range[0]) || !std::isfinite(range[1]))
    throw InputError({file.name() + " grey_range", "is no range", "the least and the greatest grey value"});
  const auto type = file.scalar_attribute<std::string>("grey_type");
  if (type.empty()) throw InputError({file.name() + " grey_type", "is empty", "a type such as uint8"});
  return {type, {range[0], range[1]}};
}

void write_summary(h5::Group group, const TrainingSummary& summary) {
  const auto classes = narrow<hsize_t>(summary.label_counts.size());
  group.write("label_counts", summary.label_counts);
  group.write("confusion", summary.confusion, {classes, classes});
  group.write("importance", summary.importance);
  group.set_attribute("never_out_of_bag", summary.never_out_of_bag);
  group.set_attribute("out_of_bag_error", summary.out_of_bag_error());
  group.set_attribute("strokes", summary.strokes);
  group.set_attribute("judged_by_stroke", summary.judged_by_stroke);
  group.set_attribute("wrong_by_stroke", summary.wrong_by_stroke);
}

TrainingSummary read_summary(const h5::Group& group) {
  TrainingSummary summary;
  summary.label_counts = whole_numbers<std::int64_t>(group, "label_counts");
  summary.confusion = whole_numbers<std::int64_t>(group, "confusion");
  summary.importance = group.dataset("importance").read<double>();
  summary.never_out_of_bag = group.scalar_attribute<std::int64_t>("never_out_of_bag");
  if (!group.has_attribute("strokes")) return summary;  // a model of 0.1.0
  summary.strokes = group.scalar_attribute<std::int64_t>("strokes");
  summary.judged_by_stroke = group.scalar_attribute<std::int64_t>("judged_by_stroke");
  summary.wrong_by_stroke = group.scalar_attribute<std::int64_t>("wrong_by_stroke");
  return summary;
}

std::optional<VoxelSize> read_voxel_size(const h5::File& file) {
  if (!file.has_attribute("voxel_size_nm")) return std::nullopt;
  const auto size = file.attribute<double>("voxel_size_nm");
  if (size.size() != 3)
    throw InputError(
        {file.name() + " voxel_size_nm", fmt::format("has {} values", size.size()), "3 (z, y, x)"});
  for (const double length : size)
    if (!(length > 0 && std::isfinite(length)))
      throw InputError({file.name() + " voxel_size_nm", fmt::format("holds {}", length), "lengths above 0"});
  return VoxelSize{size[0], size[1], size[2]};
}

/// Channel names as this version makes them, as many as the forest has channels. What FeatureSet refuses is
/// here the file's fault, not the configuration's.
std::vector<std::string> channel_names(const Model& model, const std::string& subject) {
  try {
    const FeatureSet features(model.features, model.voxel_size);
    if (features.channel_count() != model.forest.channel_count)
      throw InputError({subject, fmt::format("its features have {} channels", features.channel_count()),
                        fmt::format("{}, as its forest", model.forest.channel_count)});
    return features.channel_names();
  } catch (const ConfigError& error) {
    throw InputError({subject, error.what(), ""});
  }
}

/// The fractions of a leaf are those of its training voxels, so that they sum to 1, or to the leaf's weight.
void check_leaf_sums(const Forest& forest, const std::string& subject) {
  constexpr double rounding = 1e-4;  // more than 255 fractions in single precision make
  const auto classes = to_size(forest.class_count);
  for (std::size_t leaf = 0; leaf < forest.leaf_count(); ++leaf) {
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) sum += forest.leaf_fractions[leaf * classes + c];
    const double whole = forest.leaf_weights.empty() ? 1.0 : forest.leaf_weights[leaf];
    if (!(std::abs(sum - whole) <= rounding * whole))
      throw InputError(
          {subject, fmt::format("the fractions of leaf {} sum to {}", leaf, sum), fmt::format("{}", whole)});
  }
}

void check_class_names(const Model& model, const std::string& subject) {
  const auto classes = to_size(model.forest.class_count);
  std::set<std::string> distinct;
  for (const std::string& name : model.classes) {
    if (name.empty()) throw InputError({subject, "has a class without a name", "a name for each class"});
    if (!distinct.insert(name).second)
      throw InputError({subject, fmt::format("has two classes {}", in_quotes(name)), "different names"});
    if (!utf8::is_valid(name))
      throw InputError({subject, fmt::format("has a class {}, which is not UTF-8", in_quotes(name)), "text"});
  }
  if (model.classes.size() != classes)
    throw InputError({subject, fmt::format("has {} class names", model.classes.size()),
                      fmt::format("{}, one for each class of the forest", classes)});
}

void check_summary(const TrainingSummary& s, std::size_t classes, std::size_t channels,
                   const std::string& subject) {
  if (s.label_counts.size() != classes || s.confusion.size() != classes * classes ||
      s.importance.size() != channels)
    throw InputError({subject, "its training summary is of another size", "one entry per class and channel"});
  constexpr std::int64_t most = std::int64_t{1} << 48U;  // so that sums of them stay whole numbers
  const auto is_count = [](std::int64_t n) { return n >= 0 && n <= most; };
  if (!std::all_of(s.label_counts.begin(), s.label_counts.end(), is_count) ||
      !std::all_of(s.confusion.begin(), s.confusion.end(), is_count) || !is_count(s.never_out_of_bag) ||
      !is_count(s.strokes) || !is_count(s.judged_by_stroke) || !is_count(s.wrong_by_stroke) ||
      s.wrong_by_stroke > s.judged_by_stroke)
    throw InputError(
        {subject, "its training summary counts less than nothing, or more than there can be", "counts"});
  if (!std::all_of(s.importance.begin(), s.importance.end(), [](double v) { return std::abs(v) <= 1; }))
    throw InputError({subject, "its training summary has no shares of importance", "shares from -1 to 1"});
}

/// Every part on its own and all with each other.
void check_model(const Model& model, const std::vector<std::string>& stored_names,
                 const std::string& subject) {
  validate(model.forest, subject);
  const auto classes = to_size(model.forest.class_count);
  const auto channels = to_size(model.forest.channel_count);
  check_leaf_sums(model.forest, subject);
  check_class_names(model, subject);
  if (channel_names(model, subject) != stored_names)
    throw InputError(
        {subject, "its channel names are not those of its features", "the names this version gives"});
  check_summary(model.summary, classes, channels, subject);
}

}  // namespace

std::uint64_t write_model(const std::filesystem::path& path, const Model& model) {
  h5::File file = h5::File::create_in_memory(path);
  if (const auto& size = model.voxel_size)
    file.set_attribute("voxel_size_nm", std::vector<double>{size->z, size->y, size->x});
  write_grey(file, model.grey);
  file.write("classes", model.classes);
  write_forest(file.create_group("forest"), model.forest);
  write_features(file.create_group("features"), model);
  write_summary(file.create_group("summary"), model.summary);
  if (!model.recipe.empty()) file.set_attribute("recipe", model.recipe);
  return write_sealed(path, model_format, file.image());
}

Model read_model(const std::filesystem::path& path) {
  const Sealed sealed = read_sealed(path, model_format);
  const h5::File file = h5::File::open_image(sealed.content, path);
  Model model;
  model.checksum = sealed.checksum;
  model.voxel_size = read_voxel_size(file);
  model.classes = file.dataset("classes").read<std::string>();
  model.forest = read_forest(file.group("forest"));
  model.features = read_features(file.group("features"));
  model.summary = read_summary(file.group("summary"));
  model.grey = read_grey(file);
  if (file.has_attribute("recipe")) model.recipe = file.scalar_attribute<std::string>("recipe");
  check_model(model, file.dataset("features/channel_names").read<std::string>(), path.string());
  return model;
}

bool is_model_file(const std::filesystem::path& path) {
  return begins_as_sealed(path, model_format);
}

}  // namespace cleft
