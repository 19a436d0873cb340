#include "forest/files/model_file.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "features/set/feature_set.hpp"
#include "io/h5/h5.hpp"
#include "io/sealed_file.hpp"

namespace cleft {
namespace {

constexpr SealedFormat model_format{"cleft model", 1};

/// Names in the file, in the order of their enumerators.
constexpr std::array unit_names{"voxel", "nm"};
constexpr std::array tensor_names{"ilastik", "ilastik_1_2"};
constexpr std::array dimensions_names{"3d", "2d"};

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
  if (!forest.forest_ends.empty()) group.write("forest_ends", forest.forest_ends);
}

Forest read_forest(const h5::Group& group) {
  Forest forest;
  forest.channel_count = group.scalar_attribute<std::int32_t>("channel_count");
  forest.roots = group.dataset("roots").read<std::int32_t>();
  forest.channel = group.dataset("channel").read<std::int32_t>();
  forest.threshold = group.dataset("threshold").read<double>();
  forest.left = group.dataset("left").read<std::int32_t>();
  forest.right = group.dataset("right").read<std::int32_t>();
  const h5::Dataset fractions = group.dataset("leaf_fractions");
  const h5::Shape shape = fractions.shape();
  constexpr hsize_t max_classes = 255;
  if (shape.size() != 2 || shape[1] > max_classes)
    throw InputError(
        {fractions.name(), fmt::format("has {} axes", shape.size()), "leaves and at most 255 classes"});
  forest.class_count = narrow<std::int32_t>(shape[1]);
  forest.leaf_fractions = fractions.read<float>();
  if (group.exists("leaf_weights")) forest.leaf_weights = group.dataset("leaf_weights").read<double>();
  if (group.exists("forest_ends")) forest.forest_ends = group.dataset("forest_ends").read<std::int32_t>();
  return forest;
}

void write_features(h5::Group group, const Model& model) {
  const FeatureSelection& selection = model.features;
  group.set_attribute("sigma_unit", to_name(selection.sigma_unit, unit_names));
  group.set_attribute("structure_tensor", to_name(selection.structure_tensor, tensor_names));
  group.set_attribute("sections", selection.sections);
  group.set_attribute("image_channels", selection.image_channels);
  std::vector<double> sigmas;
  std::vector<std::string> dimensions, kinds;
  std::vector<std::uint64_t> scales;
  for (const auto& choice : selection.scales) {
    sigmas.push_back(choice.sigma);
    dimensions.emplace_back(to_name(choice.dimensions, dimensions_names));
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

FeatureSelection read_features(const h5::Group& group) {
  FeatureSelection selection;
  selection.sigma_unit =
      from_name<SigmaUnit>(group.scalar_attribute<std::string>("sigma_unit"), unit_names, group.name());
  selection.structure_tensor = from_name<StructureTensor>(
      group.scalar_attribute<std::string>("structure_tensor"), tensor_names, group.name());
  selection.sections = group.scalar_attribute<int>("sections");
  // Models of cleft's first versions do not say: they are of images with a single channel.
  if (group.has_attribute("image_channels"))
    selection.image_channels = group.scalar_attribute<int>("image_channels");
  const auto sigmas = group.dataset("scale_sigma").read<double>();
  const auto dimensions = group.dataset("scale_dimensions").read<std::string>();
  const auto kinds = group.dataset("kind").read<std::string>();
  const auto scales = group.dataset("scale").read<std::uint64_t>();
  if (sigmas.size() != dimensions.size() || kinds.size() != scales.size())
    throw InputError({group.name(), "its lists differ in length", "one entry per scale and per feature"});
  for (std::size_t s = 0; s < sigmas.size(); ++s)
    selection.scales.push_back(
        {sigmas[s], from_name<Dimensions>(dimensions[s], dimensions_names, group.name())});
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
  if (range.size() != 2 || !(range[0] <= range[1]))
    throw InputError({file.name() + " grey_range", "is no range", "the least and the greatest grey value"});
  return {file.scalar_attribute<std::string>("grey_type"), {range[0], range[1]}};
}

void write_summary(h5::Group group, const TrainingSummary& summary) {
  const auto classes = narrow<hsize_t>(summary.label_counts.size());
  group.write("label_counts", summary.label_counts);
  group.write("confusion", summary.confusion, {classes, classes});
  group.write("importance", summary.importance);
  group.set_attribute("never_out_of_bag", summary.never_out_of_bag);
  group.set_attribute("out_of_bag_error", summary.out_of_bag_error());
}

TrainingSummary read_summary(const h5::Group& group) {
  TrainingSummary summary;
  summary.label_counts = group.dataset("label_counts").read<std::int64_t>();
  summary.confusion = group.dataset("confusion").read<std::int64_t>();
  summary.importance = group.dataset("importance").read<double>();
  summary.never_out_of_bag = group.scalar_attribute<std::int64_t>("never_out_of_bag");
  return summary;
}

std::optional<VoxelSize> read_voxel_size(const h5::File& file) {
  if (!file.has_attribute("voxel_size_nm")) return std::nullopt;
  const auto size = file.attribute<double>("voxel_size_nm");
  if (size.size() != 3)
    throw InputError(
        {file.name() + " voxel_size_nm", fmt::format("has {} values", size.size()), "3 (z, y, x)"});
  return VoxelSize{size[0], size[1], size[2]};
}

/// Channel names as this version makes them. What FeatureSet refuses is here the file's fault, not the
/// configuration's.
std::vector<std::string> channel_names(const Model& model, const std::string& subject) {
  try {
    return FeatureSet(model.features, model.voxel_size).channel_names();
  } catch (const ConfigError& error) {
    throw InputError({subject, error.what(), ""});
  }
}

/// Every part on its own and all with each other.
void check_model(const Model& model, const std::vector<std::string>& stored_names,
                 const std::string& subject) {
  validate(model.forest, subject);
  const auto classes = to_size(model.forest.class_count);
  const auto channels = to_size(model.forest.channel_count);
  const std::set<std::string> distinct(model.classes.begin(), model.classes.end());
  if (model.classes.size() != classes || distinct.size() != classes || distinct.contains(""))
    throw InputError({subject, fmt::format("{} distinct class names", distinct.size()),
                      fmt::format("{}, one for each class of the forest", classes)});
  const auto names = channel_names(model, subject);
  if (names.size() != channels)
    throw InputError({subject, fmt::format("its features have {} channels", names.size()),
                      fmt::format("{}, as its forest", channels)});
  if (names != stored_names)
    throw InputError(
        {subject, "its channel names are not those of its features", "the names this version gives"});
  const TrainingSummary& s = model.summary;
  if (s.label_counts.size() != classes || s.confusion.size() != classes * classes ||
      s.importance.size() != channels)
    throw InputError({subject, "its training summary is of another size", "one entry per class and channel"});
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
  check_model(model, file.dataset("features/channel_names").read<std::string>(), path.string());
  return model;
}

bool is_model_file(const std::filesystem::path& path) {
  return begins_as_sealed(path, model_format);
}

}  // namespace cleft
