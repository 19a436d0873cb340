#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "ilastik/project.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/mask_reader.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

/// The prediction mask that a project has for a volume.
struct ProjectMask {
  std::optional<VolumePath> path;  ///< it is there and has the extent of the volume's dataset
  std::string problem;             ///< why it cannot be used; empty when it can, or when there is none
};

/// Looks for the mask of the project's image that has the volume's file name. The project names it from where
/// it was saved: by an absolute path, or relative to the project's folder. One of another extent or voxel
/// size than the volume's cannot be used. Not collective.
ProjectMask mask_of_project(const IlastikProject& project, const VolumeFacts& volume);

/// The mask that detect applies, laid on the volume: the configuration's volume.mask, or else, where the
/// model is a project of ilastik, the project's own for this volume. The log says when the project's is
/// taken; one that cannot be is warned about. Rank 0 looks. Collective over `comm`.
/// \throws CollectiveError when the configuration, the mask or the project cannot be read, when the mask does
///         not say where in the volume it lies or has voxels of another size (begin_in_dataset), or when all
///         that it holds are negative numbers that mean nothing (check_mask_means_something).
std::optional<PlacedMask> find_mask(const Communicator& comm, const Config& config,
                                    const VolumeFacts& volume);

/// The configuration's mask alone, laid on the volume. Not collective.
/// \throws as above, on its own.
std::optional<PlacedMask> mask_of_config(const Config& config, const VolumeFacts& volume);

/// How many labelled voxels of the volume lie outside its mask. Not collective.
/// \param labels  In z, y, x order.
std::int64_t count_outside(const MaskReader& mask, const std::vector<LabelledVoxel>& labels);

}  // namespace cleft
