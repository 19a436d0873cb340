#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "config/config.hpp"
#include "features/set/feature_set.hpp"
#include "forest/model.hpp"
#include "io/volume/volume_reader.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

// Whether a model may be used as a configuration asks, on a volume. Nothing here is collective.

/// The keys under `features` in which two selections differ, as "features.sections"; empty when both have the
/// same channels on every volume.
std::vector<std::string> differing_feature_keys(const FeatureSelection& a, const FeatureSelection& b);

/// Checks, where the configuration states classes beside something that has classes of its own (a model, an
/// ilastik project), that they are the same.
/// \param owner  What has `classes`, for the message.
/// \throws ConfigError when they differ.
void check_classes_are_meant(const Config& config, const std::vector<std::string>& classes,
                             const std::string& owner);

/// Checks, where the configuration states classes or features beside a model, that the model was trained on
/// these.
/// \throws ConfigError naming what differs.
void check_model_is_meant(const Config& config, const Model& model);

/// The model's features at a volume's voxel size. Where sigma is in nm the voxel size decides which axes a
/// scale filters, and with them how many channels there are and what they mean.
///
/// \throws ConfigError when scales filter other axes than in training, naming both voxel sizes; when sigma is
///         in nm and the volume's voxel size is unknown.
FeatureSet features_as_trained(const Config& config, const Model& model,
                               const std::optional<VoxelSize>& voxel_size);

/// The first scale (its sigma) that filters other axes in `a` than in `b`, so that their channels differ in
/// meaning; nothing when all filter the same.
/// \pre Both are of one selection.
std::optional<double> scale_of_other_axes(const FeatureSet& a, const FeatureSet& b);

/// Whether two voxel sizes differ by so little, 20 %, as they do among stacks acquired with one protocol.
bool alike(const VoxelSize& a, const VoxelSize& b);

/// Refuses a volume of values of another type than the model was trained on, unless the configuration accepts
/// it or a sample of its values shows that they are on the same scale: a threshold between two of 256 values
/// says nothing about 65536, but programs also store 8-bit values in wider types. On the same scale means
/// not beyond the values of training by more than a quarter of their range, and spread over a quarter of it.
/// \throws InputError; also as sample_grey.
void check_type_is_accepted(const Config& config, const Model& model, const VolumeFacts& volume);

/// Warnings, a line each, where a volume's type or voxel size is so unlike the one's that the model was
/// trained on that results may be worthless.
std::vector<std::string> unlike_training(const Model& model, ElementType type,
                                         const std::optional<VoxelSize>& voxel_size);
/// The same for a volume's grey values.
/// \param grey  Of all voxels but NaN.
std::vector<std::string> unlike_training(const Model& model, const ValueRange& grey);

}  // namespace cleft
