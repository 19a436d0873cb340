#include "config/check.hpp"

#include <limits>
#include <set>

#include <fmt/format.h>

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
  if (!config.labels.project) return;
  if (config.labels.csv || config.labels.volume.path)
    throw ConfigError({.subject = config.subject("labels.project"),
                       .found = "given together with other labels",
                       .expected = "labels.project alone, or without it labels.path or labels.csv"});
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
  if (!config.labels.csv) check_dataset_has_file(config, config.labels.volume, "labels");
  const auto& labels = config.labels;
  if (labels.lane && !labels.project)
    throw ConfigError({.subject = config.subject("labels.lane"),
                       .found = "no labels.project beside it",
                       .expected = "the ilastik project whose image it names"});
  if (labels.begin && !labels.project && !labels.csv && !labels.volume.path)
    throw ConfigError({.subject = config.subject("labels.begin"),
                       .found = "no labels beside it",
                       .expected = "labels.path, labels.csv or labels.project"});
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
