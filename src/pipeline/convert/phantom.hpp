#pragma once

#include <filesystem>

#include "parallel/communicator.hpp"
#include "phantom/options.hpp"

namespace cleft {

/// Makes a phantom volume and writes it to one HDF5 file: /raw (uint8), /truth/synapses (uint64 ids, 0 =
/// none), /truth/classes (uint8: 1 membrane, 2 synapse, 3 rest) and /labels (uint8 brush strokes of the same
/// classes, 0 = none), each with axes and voxel size. The same bytes for any number of ranks, which share the
/// work. Warned about, before the work begins, are strokes that label no voxel of some class, with an extent
/// at which they do; of a large phantom when it is made. Collective.
///
/// \param replace  Whether a file that is there may be replaced.
/// \throws         CollectiveError when an option is out of range, the file is there and must not be
///                 replaced, or it cannot be written. `out` then is what it was before.
void run_phantom(const Communicator& comm, const PhantomOptions& options, const std::filesystem::path& out,
                 bool replace);

}  // namespace cleft
