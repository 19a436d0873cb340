#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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
                       const std::optional<PlacedMask>& mask, const InputIdentities& inputs);

/// The probability file that segment works on: the run's own, or that of run.probability.
std::filesystem::path probability_to_segment(const Config& config);

/// \throws ConfigError when threshold.foreground is none of the classes.
void check_foreground(const Config& config, const std::vector<std::string>& classes);

/// What segment is to do.
/// \param of_probability  The recipe (base/recipe.hpp) of the probability it works on, with the mask in it.
/// \param mask            As find_mask says.
/// \throws ConfigError as segment_settings.
SegmentJob segment_job(const Config& config, const VolumeFacts& volume, const nlohmann::json& of_probability,
                       const std::optional<PlacedMask>& mask = std::nullopt);

/// The parts in which the recipe of a stored probability, finished or not, differs from the one that is
/// wanted. Where predict knew no mask there is no difference to one that is wanted now: segment applies it.
/// Of the voxel size, which decides scales in nm, earlier versions noted nothing.
std::vector<std::string> differences_of_probability(const nlohmann::json& stored,
                                                    const nlohmann::json& wanted);

}  // namespace cleft
