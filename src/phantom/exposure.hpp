#pragma once

#include "base/array3.hpp"
#include "phantom/options.hpp"

namespace cleft::phantom {

/// Turns the tissue's grey into what the microscope records: brightness that drifts slowly and jumps from
/// section to section, and noise that grows with the signal as counted electrons do.
///
/// \param grey  0 … 255, the voxels of `box`; same extent as `raw`.
void expose(const PhantomOptions& options, const Box& box, View3<const float> grey, View3<std::uint8_t> raw);

}  // namespace cleft::phantom
