#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "components/connectivity.hpp"
#include "features/set/feature_options.hpp"
#include "forest/train/train.hpp"
#include "io/volume/h5_volume.hpp"
#include "objects/size_filter.hpp"
#include "threshold/two_level.hpp"

namespace cleft {

/// A dataset as the configuration names it: a file and a dataset in it, or both in one path
/// ("raw.h5/volumes/raw").
struct DatasetLocation {
  std::optional<std::filesystem::path> path;  ///< absolute
  std::optional<std::string> dataset;         ///< absent when `path` holds it
};

struct VolumeOptions {
  DatasetLocation source;
  std::optional<VoxelSize> voxel_size;  ///< in nm
  DatasetLocation mask;                 ///< non-zero where there is something to look at
};

/// Where the training labels are: a volume, a table of points or the brush strokes of an ilastik project.
/// When there is a table or a project, the volume does not count.
struct LabelOptions {
  DatasetLocation volume;
  std::optional<std::filesystem::path> csv;
  std::optional<std::filesystem::path> project;
};

enum class StoredClasses { foreground, all };

struct PredictOptions {
  ElementType dtype = ElementType::uint8;  ///< uint8 or float32
  StoredClasses classes = StoredClasses::foreground;
};

struct RunOptions {
  std::filesystem::path directory = "results";            ///< absolute
  std::int64_t memory_per_rank = std::int64_t{4} << 30U;  ///< bytes
  int threads_per_rank = 1;
  bool keep_probability = true;
  std::optional<Extent> block_shape;  ///< of a block's owned box; planned from memory_per_rank when absent
};

/// One volume's whole story, as formats.md's YAML file tells it. What a key means, its default and its range
/// stand in config/keys.cpp and nowhere else. Paths are absolute.
struct Config {
  VolumeOptions volume;
  std::vector<std::string> classes{"membrane", "synapse", "rest"};
  LabelOptions labels;
  FeatureOptions features;
  TrainOptions forest;
  std::optional<std::filesystem::path> model;
  PredictOptions predict;
  ThresholdOptions threshold;
  Connectivity connectivity = Connectivity::twenty_six;
  SizeFilterOptions filter;
  RunOptions run;

  std::filesystem::path file;  ///< the YAML file it was read from, as the user named it
  /// For each key that was given, where: "run.yaml:12" or "--set". For messages.
  std::map<std::string, std::string> given_at;

  /// What a message about this key begins with: "run.yaml:12: threshold.sigma", or "run.yaml: model" for a
  /// default.
  std::string subject(const std::string& key) const;

  /// Whether a key, or any key of a section, was given.
  bool states(const std::string& section) const;
};

}  // namespace cleft
