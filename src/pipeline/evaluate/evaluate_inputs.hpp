#pragma once

#include <optional>

#include "base/box.hpp"
#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_reader.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// The volumes of one evaluation, checked to fit each other.
struct EvaluateInputs {
  VolumeReader labels, truth;
  bool has_labels = true;  ///< else `labels` only says where they will lie, and has no detection
  std::optional<VolumeReader> probability{};
  std::optional<MaskReader> mask{};
  GlobalVoxel truth_begin{};              ///< in the labels
  Box judged{};                           ///< in the labels
  std::optional<VoxelSize> voxel_size{};  ///< in nm; of all
};

/// Opens what the options name. Not collective.
/// \throws As evaluate.
EvaluateInputs open_inputs(const EvaluateOptions& options);

/// The volumes of one evaluation by points, checked likewise.
struct PointInputs {
  VolumeReader labels;
  std::optional<MaskReader> mask{};
  Box judged{};  ///< in the labels
  VoxelSize voxel_size{};
};

/// \throws As evaluate_points.
PointInputs open_point_inputs(const EvaluateOptions& options);

}  // namespace cleft
