#pragma once

#include <filesystem>

#include "parallel/communicator.hpp"
#include "pipeline/report/report_input.hpp"
#include "report/contrast.hpp"
#include "report/overview.hpp"

namespace cleft {

/// Writes a picture of the whole volume seen along z: the middle section's grey values and, in colour,
/// wherever a synapse lies above or below: the stronger, the more sections it has there. Ranks share out the
/// labels, of which only boxes with synapses are read. Collective over `comm`.
/// \param file  A JPEG, at most 640 pixels along each side.
/// \throws CollectiveError when a volume cannot be read or the file cannot be written.
Thumbnail write_thumbnail(const Communicator& comm, const FinishedRun& run, const Contrast& contrast,
                          const std::filesystem::path& file);

/// Grey values of boxes that are spread evenly over the volume, from which the contrast of all pictures is
/// told. Not collective.
/// \throws as VolumeReader
Contrast contrast_of_volume(const VolumePath& volume);

}  // namespace cleft
