#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "ilastik/project.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

/// The prediction mask that a project has for a volume.
struct ProjectMask {
  std::optional<VolumePath> path;  ///< it is there and has the volume's extent
  std::string problem;             ///< why it cannot be used; empty when it can, or when there is none
};

/// Looks for the mask of the project's image that has the volume's file name. The project names it from where
/// it was saved: by an absolute path, or relative to the project's folder. Not collective.
ProjectMask mask_of_project(const IlastikProject& project, const VolumeFacts& volume);

/// The mask that predict applies: the configuration's volume.mask, or else, where the model is a project of
/// ilastik, the project's own for this volume. The log says when the project's is taken; one that cannot be
/// is warned about. Rank 0 looks. Collective over `comm`.
/// \throws CollectiveError when the configuration or the project cannot be read.
std::optional<VolumePath> find_mask(const Communicator& comm, const Config& config,
                                    const VolumeFacts& volume);

}  // namespace cleft
