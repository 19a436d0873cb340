#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "config/config.hpp"
#include "forest/model.hpp"
#include "io/h5_volume.hpp"
#include "pipeline/predict.hpp"
#include "pipeline/segment.hpp"

namespace cleft {

// What a configuration means for the stages of detect, once the volume and the model are known. Nothing here
// is collective.

/// The grey volume that a configuration names.
struct VolumeFacts {
  VolumePath path;  ///< with the dataset's name
  Extent extent;
  std::optional<VoxelSize> voxel_size;  ///< nm; the file's or the configuration's
  ElementType type = ElementType::uint8;
};

/// \throws InputError when the volume is missing, holds no grey values or is too long along an axis;
///         ConfigError when its voxel size contradicts the configuration's.
VolumeFacts look_at_volume(const Config& config);

/// Segment's settings in voxels, looked at before predict works for hours towards a segment that cannot be.
/// \throws ConfigError
void check_segment_settings(const Config& config, const VolumeFacts& volume);

/// \param model, features  Outlive the job; `features` are features_as_trained.
/// \throws                 ConfigError when the configuration is about another model: other classes or
///                         features, a foreground it lacks.
PredictJob predict_job(const Config& config, const VolumeFacts& volume, const Model& model,
                       const FeatureSet& features);

/// \param of_probability  The origin (io/origin.hpp) of the probability it works on.
/// \throws ConfigError when settings in nm meet a volume without a voxel size.
SegmentJob segment_job(const Config& config, const VolumeFacts& volume, const nlohmann::json& of_probability);

}  // namespace cleft
