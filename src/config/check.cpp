#include "config/check.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace cleft {
namespace {

void check_classes(const Config& config) {
  constexpr std::size_t max_classes = std::numeric_limits<std::uint8_t>::max();
  const std::set<std::string> names(config.classes.begin(), config.classes.end());
  if (names.size() != config.classes.size())
    throw ConfigError(
        {.subject = config.subject("classes"), .found = "a name twice", .expected = "different names"});
  if (names.size() < 2 || names.size() > max_classes)
    throw ConfigError({.subject = config.subject("classes"),
                       .found = fmt::format("{} classes", names.size()),
                       .expected = fmt::format("2 to {}", max_classes)});
}

void check_dataset_has_file(const Config& config, const DatasetLocation& location,
                            const std::string& section) {
  if (location.path || (!location.dataset && !location.axes && !location.begin)) return;
  const char* given = location.dataset ? ".dataset" : location.axes ? ".axes" : ".begin";
  throw ConfigError({.subject = config.subject(section + given),
                     .found = fmt::format("no {}.path beside it", section),
                     .expected = "the file that the dataset is in"});
}

void check_features(const Config& config) {
  try {
    feature_selection(config.features);
  } catch (const ConfigError& e) {
    throw Error(ErrorKind::config, config.file.string() + ": " + e.what());
  }
}

/// Checks that the value of one key does not exceed that of another.
/// \param low, high  The values of `low_key` and `high_key`, in the same unit.
template <class T>
void check_order(const Config& config, const std::string& low_key, T low, const std::string& high_key,
                 T high) {
  if (low > high)
    throw ConfigError({.subject = config.subject(low_key),
                       .found = fmt::format("{}", low),
                       .expected = fmt::format("at most {} (= {})", high_key, high)});
}

void check_one_source_of_labels(const Config& config) {
  const auto& labels = config.labels;
  const auto refuse_beside = [&](const char* key, const char* others) {
    throw ConfigError({.subject = config.subject(key),
                       .found = "given together with other labels",
                       .expected = fmt::format("{} alone, or without it {}", key, others)});
  };
  if (labels.project && (labels.csv || labels.points || labels.volume.path))
    refuse_beside("labels.project", "labels.path, labels.csv or labels.points");
  if (labels.points && (labels.csv || labels.volume.path))
    refuse_beside("labels.points", "labels.path, labels.csv or labels.project");
}

/// What is said of points matters only where there are some.
void check_points(const Config& config) {
  const PointOptions& point = config.labels.point;
  const PointOptions usual;
  if (!config.labels.points) {
    if (point == usual) return;
    const char* key = point.radius_nm != usual.radius_nm       ? "labels.point_radius_nm"
                      : point.rest_class != usual.rest_class   ? "labels.rest_class"
                      : point.rest_voxels != usual.rest_voxels ? "labels.rest_voxels"
                                                               : "labels.rest_distance_nm";
    throw ConfigError({.subject = config.subject(key),
                       .found = "no labels.points beside it",
                       .expected = "the table of points that it is for"});
  }
  const auto& classes = config.classes;
  if (point.rest_voxels > 0 && std::find(classes.begin(), classes.end(), point.rest_class) == classes.end())
    throw ConfigError(
        {.subject = config.subject("labels.rest_class"),
         .found = fmt::format("is '{}'", point.rest_class),
         .expected = fmt::format("one of classes ({}), or labels.rest_voxels: 0", fmt::join(classes, ", "))});
}

void check_trust(const Config& config) {
  const VolumeOptions& volume = config.volume;
  if (volume.trust == Trust::config && !volume.voxel_size && !volume.offset)
    throw ConfigError({.subject = config.subject("volume.trust"),
                       .found = "is config, but the configuration says nothing of the volume",
                       .expected = "volume.voxel_size_nm or volume.offset_nm beside it"});
}

void check_labels(const Config& config) {
  check_one_source_of_labels(config);
  check_points(config);
  if (!config.labels.csv && !config.labels.points)
    check_dataset_has_file(config, config.labels.volume, "labels");
  const auto& labels = config.labels;
  if (labels.lane && !labels.project)
    throw ConfigError({.subject = config.subject("labels.lane"),
                       .found = "no labels.project beside it",
                       .expected = "the ilastik project whose image it names"});
  if (labels.begin && !labels.project && !labels.csv && !labels.points && !labels.volume.path)
    throw ConfigError({.subject = config.subject("labels.begin"),
                       .found = "no labels beside it",
                       .expected = "labels.path, labels.csv, labels.points or labels.project"});
}

void check_volume(const Config& config) {
  check_dataset_has_file(config, config.volume.source, "volume");
  check_dataset_has_file(config, config.volume.mask, "volume.mask");
}

}  // namespace

void check_config(const Config& config) {
  check_classes(config);
  check_features(config);
  check_trust(config);
  check_volume(config);
  for (const Config& one : for_each_labelled_volume(config)) {
    check_volume(one);
    check_labels(one);
  }
  check_order(config, "threshold.reference_ratio", config.threshold.reference_ratio, "threshold.core_ratio",
              config.threshold.core_ratio);
  const SizeFilterOptions& filter = config.filter;
  if (!filter.min_volume_nm3 && !filter.max_volume_nm3)
    check_order(config, "filter.min_size", filter.min_size, "filter.max_size", filter.max_size);
  if (filter.min_volume_nm3 && filter.max_volume_nm3)
    check_order(config, "filter.min_volume_nm3", *filter.min_volume_nm3, "filter.max_volume_nm3",
                *filter.max_volume_nm3);
}

}  // namespace cleft
