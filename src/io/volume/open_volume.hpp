#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/volume/dataset_summary.hpp"
#include "io/volume/volume_source.hpp"

namespace cleft {

// Where it is decided which format a file is of; a further format is added here and nowhere else. Nothing
// here is collective.

/// Opens a volume of any format: with any number type and chunks, and any order of axes that the file or
/// path.options states. A single section and a volume of several channels are volumes too.
/// \throws InputError when the file or the dataset is missing (naming what is there), has other axes, or
///         holds no numbers; IoError when the file is damaged or cannot be read.
std::shared_ptr<const VolumeSource> open_volume(const VolumePath& path);

/// What is in a file: the one dataset that the path names, or without a name all of them, in the order of
/// their names.
/// \param max_datasets  Further ones are left out.
/// \throws InputError when the file or the dataset is missing; IoError when the file is damaged.
std::vector<DatasetSummary> summarize_datasets(const VolumePath& path, std::size_t max_datasets);

/// The names of the datasets in a file, and of links, in order: quicker than summarize_datasets, which looks
/// into each.
/// \param max_names  Further ones are left out.
/// \throws as summarize_datasets
std::vector<std::string> names_in(const std::filesystem::path& file, std::size_t max_names);

/// Starts the libraries that read and write files. A program with MPI calls it before MPI starts (later is
/// too late, see h5::start_library).
void start_formats();

}  // namespace cleft
