#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_path.hpp"
#include "objects/judge/bootstrap.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/evaluation.hpp"

namespace cleft {

/// A voxel size that counts, whatever files say of theirs.
struct StatedVoxelSize {
  VoxelSize size;
  std::string by;  ///< what states it, for messages: "--voxel-size"
};

/// Sections of the labels, [begin, end); where a number is left out, as far as the truth covers them.
struct AskedSections {
  std::optional<std::int64_t> begin, end;
};

struct EvaluateOptions {
  VolumePath labels;  ///< detections: every value is one, but 0 and CREMI's background
  /// Where there are no labels yet: the class of the stored probability that `labels` is instead. It says
  /// where labels would lie; no voxel of it is read.
  std::optional<std::string> labels_to_come{};
  /// Where they begin in the dataset that they were made of: volume.box. The sections of that are what the
  /// truth's attribute first_section counts; all else counts from the labels' own first voxel.
  GlobalVoxel labels_begin{};
  VolumePath truth;
  /// Instead of a truth volume: a table of points (pipeline/evaluate/evaluate_points.hpp), in voxels of the
  /// dataset that the labels were made of, or of a cut of the labels that begins at truth_begin.
  std::optional<std::filesystem::path> truth_points{};
  std::optional<std::string> truth_class{};  ///< of the points that are to be found; default: "synapse"
  /// Instead of a truth volume: what people decided on the run's objects, files of the report's page
  /// (pipeline/review).
  std::vector<std::filesystem::path> reviews{};
  std::optional<PlacedMask> mask;  ///< outside it nothing is judged, as nothing was looked for
  std::optional<StatedVoxelSize>
      voxel_size;                         ///< of all files; default: what they say, which must be the same
  std::optional<VolumePath> probability;  ///< of the foreground, uint8 or float32
  /// Which of the classes that the probability file says it holds; when not given its only one, or "synapse".
  std::optional<std::string> foreground;
  PerAxis<double> sigma;   ///< smooth the probability before judging it; voxels
  AskedSections sections;  ///< to judge
  /// Of the labels, to judge, instead of sections; an axis that begins at 0 and ends at end_of_axis is all
  /// that the truth covers of it.
  std::optional<Box> box;
  bool cut_objects = false;  ///< to what is judged, instead of looking at them whole
  /// Where the truth begins, in voxels of the labels, or the section alone; default: where the truth's
  /// attributes offset or first_section say (base/place.hpp).
  std::optional<Extent> truth_begin;
  std::optional<std::int64_t> truth_first_section;
  bool truth_is_labelled = false;   ///< every value of the truth is an object, instead of every component
  double truth_gap_nm = 0;          ///< grow truth by this within sections to bridge gaps (number_components)
  std::int64_t min_truth_size = 1;  ///< voxels; smaller truth objects are neither missed nor false if found
  bool distances = false;           ///< measure how far off voxels are (voxel_distances)
  MatchOptions match;
  BootstrapOptions bootstrap;
  /// The column of the result's table that detections are ranked by; default: decisive_ratio, where there is
  /// one.
  std::optional<std::string> rank;
  std::optional<std::filesystem::path> json;  ///< where to write the result as JSON
  /// Where to write the curve over ranks: NAME.csv, with a picture of it beside it, NAME.svg.
  std::optional<std::filesystem::path> curve;
};

}  // namespace cleft
