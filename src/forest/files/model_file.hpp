#pragma once

#include <filesystem>

#include "forest/model.hpp"

namespace cleft {

/// Writes a model as HDF5 behind a seal (io/sealed_file.hpp): plain datasets that h5py and h5dump read.
///
///     /            voxel_size_nm (z, y, x) and grey_type, grey_range of the training volume, and recipe, a
///                  JSON text of what decided the forest, when known
///     /classes     names
///     /forest      channel_count; roots, channel, threshold, left, right, leaf_fractions [leaf][class],
///                  and for forests of ilastik leaf_weights and forest_ends (Forest::sub_forest_ends)
///     /features    sigma_unit, structure_tensor, sections, image_channels; scale_sigma and scale_dimensions
///                  [scale], kind and scale [feature], channel_names [channel]
///     /summary     label_counts [class], confusion [labelled][answered], importance [channel];
///                  never_out_of_bag, out_of_bag_error; strokes, judged_by_stroke, wrong_by_stroke
///
/// The same model gives the same bytes. The file takes its final name when it is complete.
///
/// \returns The checksum of what was written.
/// \pre     The model's parts fit each other (see read_model).
/// \throws  IoError
std::uint64_t write_model(const std::filesystem::path& path, const Model& model);

/// Reads a model that write_model wrote. What comes back is safe to use: every walk ends in a leaf, its
/// channels are those of the features, its class names are distinct and as many as the forest's classes.
///
/// \throws InputError when the file is missing, is no model, was written by a newer version, is truncated or
///         damaged, or when its parts do not fit each other; IoError when it cannot be read.
Model read_model(const std::filesystem::path& path);

/// Whether a file says of itself that it is a model; read_model may still find it damaged.
bool is_model_file(const std::filesystem::path& path);

}  // namespace cleft
