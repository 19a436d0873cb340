#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "base/enum_words.hpp"
#include "components/connectivity.hpp"
#include "components/split_options.hpp"
#include "features/set/feature_options.hpp"
#include "forest/train_options.hpp"
#include "io/volume/element_type.hpp"
#include "io/volume/volume_path.hpp"
#include "objects/size_filter.hpp"
#include "report/report_options.hpp"
#include "threshold/two_level.hpp"

namespace cleft {

/// A dataset as the configuration names it: a file and the name of a dataset in it, or both in one path
/// ("raw.h5/volumes/raw"), and what the file does not say of it.
struct DatasetLocation {
  std::optional<std::filesystem::path> path;  ///< absolute
  std::optional<std::string> dataset;         ///< absent when `path` holds it
  std::optional<std::string> axes{};          ///< as ReadOptions::axes
  /// Where it begins in the volume, in the voxels of volume.dataset (base/place.hpp). Not of the volume
  /// itself.
  std::optional<Extent> begin{};
};

/// Which of the two counts where a file and the configuration say different things of the volume.
enum class Trust { file, config };

template <>
struct EnumWords<Trust> {
  static constexpr auto list =
      std::to_array<EnumWord<Trust>>({{Trust::file, "file"}, {Trust::config, "config"}});
};

/// The `volume` section.
struct VolumeOptions {
  DatasetLocation source;                  ///< of the grey values
  std::optional<VoxelSize> voxel_size;     ///< in nm
  std::optional<PerAxis<double>> offset;   ///< in nm: where the dataset lies, see base/place.hpp
  Trust trust = Trust::file;               ///< of voxel size and offset
  std::optional<Box> box;                  ///< as ReadOptions::box: the part of the dataset that counts
  Conversion convert = Conversion::exact;  ///< of grey values to float32
  Missing missing = Missing::error;        ///< of the grey values and the mask: error or background
  bool follow_links = false;               ///< out of the folders of the files, also of mask and labels
  DatasetLocation mask;                    ///< nothing is looked for outside it
};

/// How points become labels (pipeline/train/point_labels.hpp).
struct PointOptions {
  double radius_nm = 40;             ///< of the ball around a point whose row has no radius_nm
  std::string rest_class = "rest";   ///< what is drawn away from all points
  std::int64_t rest_voxels = 20000;  ///< how many voxels of it; 0: none
  double rest_distance_nm = 150;     ///< they are farther than this from every point
  friend bool operator==(const PointOptions&, const PointOptions&) = default;
};

/// The `labels` section: where the training labels are, in a volume, in a table of voxels or of points, or in
/// the brush strokes of an ilastik project. If there is a table or a project, the volume is not used.
struct LabelOptions {
  DatasetLocation volume;
  std::optional<std::filesystem::path> csv;
  std::optional<std::filesystem::path> points;
  PointOptions point;  ///< of `points`
  std::optional<std::filesystem::path> project;
  std::optional<std::string> lane;  ///< which image of the project: its number or its name
  /// The voxel of the volume at which the labels' first voxel lies: they are of a cut of it.
  std::optional<Extent> begin;
};

/// One of several labelled volumes that a model is trained on: an entry of `labels` as a list.
struct LabelledVolume {
  VolumeOptions volume;  ///< without a path: the configuration's own volume
  LabelOptions labels;
  std::map<std::string, std::string> given_at;  ///< of its own keys: see Config
  std::string where{};                          ///< it begins: "run.yaml:12" or "--set"; for messages
};

/// Names an entry of `labels` as a list in messages: "labels[2]", counted from 0.
std::string entry_name(std::size_t number);
/// How messages name a key of an entry: "labels[2].path" is the entry's labels.path, "labels[2].volume.path"
/// its volume.path. Other keys, and all of them where `entry` is empty, are what they are.
std::string key_in_entry(const std::string& entry, const std::string& key);

/// Of which classes probabilities are stored.
enum class StoredClasses { foreground, all };

template <>
struct EnumWords<StoredClasses> {
  static constexpr auto list = std::to_array<EnumWord<StoredClasses>>(
      {{StoredClasses::foreground, "foreground"}, {StoredClasses::all, "all"}});
};

/// The `predict` section.
struct PredictOptions {
  ElementType dtype = ElementType::uint8;  ///< uint8 or float32
  StoredClasses classes = StoredClasses::foreground;
  bool accept_type = false;  ///< use a model on values of another type than it was trained on
};

/// The `run` section.
struct RunOptions {
  std::filesystem::path directory = "results";            ///< absolute
  std::int64_t memory_per_rank = std::int64_t{4} << 30U;  ///< bytes
  int threads_per_rank = 1;                               ///< threads that compute
  bool keep_probability = true;  ///< keep probability.h5 once the synapses are written
  /// Another run's directory, or its probability file, that is segmented instead of predicting; absolute.
  std::optional<std::filesystem::path> probability;
  /// Extent of a block's owned box; planned from memory_per_rank when absent.
  std::optional<Extent> block_shape;
};

/// The configuration of all commands for one volume, as read from one YAML file. config/keys.cpp says what
/// each key means and which values it takes; defaults are those of a default-constructed Config. All paths
/// are absolute.
struct Config {
  VolumeOptions volume;
  std::vector<std::string> classes{"membrane", "synapse", "rest"};
  LabelOptions labels;
  std::vector<LabelledVolume> labelled;  ///< where `labels` is a list; it is then empty itself
  FeatureOptions features;
  TrainOptions forest;
  std::optional<std::filesystem::path> model;
  PredictOptions predict;
  ThresholdOptions threshold;
  Connectivity connectivity = Connectivity::twenty_six;
  SplitOptions split;
  SizeFilterOptions filter;
  RunOptions run;
  ReportOptions report;

  std::filesystem::path file;  ///< the YAML file it was read from, as the user named it
  /// By key, where each key that was given stands: "run.yaml:12" or "--set". For messages.
  std::map<std::string, std::string> given_at;

  /// Where this is the configuration of one of several labelled volumes (for_each_labelled_volume): the name
  /// of its entry, whether that has a volume of its own, and where it begins. Empty elsewhere.
  struct Entry {
    std::string name{};
    bool has_volume = false;
    std::string where{};
  } entry{};

  /// A key as messages name it: of an entry of several labelled volumes, see key_in_entry.
  std::string name_of(const std::string& key) const;
  /// The beginning of a message about a key: "run.yaml:12: threshold.sigma", or "run.yaml: model" if the key
  /// was not given.
  std::string subject(const std::string& key) const;

  /// Whether a key was given, or, for the name of a section, any key in it.
  bool states(const std::string& section) const;
};

/// The configuration as it is for each labelled volume, in their order: with the volume and the labels of
/// that entry. Where `labels` is no list, there is one, the configuration itself.
std::vector<Config> for_each_labelled_volume(const Config& config);

}  // namespace cleft
