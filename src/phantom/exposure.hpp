#pragma once

#include "base/array3.hpp"
#include "phantom/options.hpp"

namespace cleft::phantom {

/// Turns the tissue's grey into what the microscope records: brightness that drifts slowly and jumps from
/// section to section, and noise that grows with the signal as counted electrons do.
///
/// \param box   In voxels of the volume.
/// \param grey  The voxels of `box` (z, y, x), 0 … 255.
/// \param raw   What is recorded of them; of the same extent.
void expose(const PhantomOptions& options, const Box& box, View3<const float> grey, View3<std::uint8_t> raw);

}  // namespace cleft::phantom
