#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "config/config.hpp"
#include "pipeline/detect/input_identity.hpp"
#include "pipeline/detect/predict_job.hpp"
#include "pipeline/detect/segment.hpp"
#include "pipeline/run/classifier.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

// What a configuration means for the stages of detect, once the volume and the model are known. Nothing here
// is collective.

/// What predict is to do. The job shares the classifier's models.
/// \param mask    As find_mask says.
/// \param inputs  Of the volume and the mask.
/// \throws        ConfigError when the foreground that is to be stored is no class of the classifier.
PredictJob predict_job(const Config& config, const VolumeFacts& volume, const Classifier& classifier,
                       const std::optional<VolumePath>& mask, const InputIdentities& inputs);

/// \throws ConfigError when threshold.foreground is none of the classes.
void check_foreground(const Config& config, const std::vector<std::string>& classes);

/// What segment is to do.
/// \param of_probability  The recipe (base/recipe.hpp) of the probability it works on.
/// \throws ConfigError when settings in nm meet a volume without a voxel size.
SegmentJob segment_job(const Config& config, const VolumeFacts& volume, const nlohmann::json& of_probability);

}  // namespace cleft
