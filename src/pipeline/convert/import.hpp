#pragma once

#include <optional>
#include <string>

#include "base/box.hpp"
#include "io/volume/volume_path.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// A stack of images that is to become a volume.
struct ImportOptions {
  std::string source;           ///< folder, pattern or file, as list_sections takes it
  VolumePath output;            ///< an empty dataset stands for /raw
  VoxelSize voxel_size;         ///< nm
  std::optional<Extent> chunk;  ///< nothing: default_chunk
  bool replace = false;         ///< whether an existing file may be replaced
};

/// Chunks of about 64³ voxels for a volume of so many sections. One rank reads all sections of a chunk into
/// memory: chunks are flat where 64 sections would not fit into 1 GiB, or where fewer than 16 ranks would
/// have sections to read. The same for any number of ranks, as the file's bytes are.
Extent default_chunk(std::int64_t sections, std::int64_t section_bytes);

/// Copies a stack of TIFF or PNG sections into a chunked HDF5 volume with its voxel size and axes. Each rank
/// reads its own sections, as many at a time as a chunk is thick, and writes whole chunks. Progress and a
/// line about the result go to the log. Collective over `comm`.
///
/// \throws CollectiveError on every rank: InputError where an option or a section cannot be used (naming it)
///         or the output exists, IoError where it cannot be written. Nothing is left under the output's name
///         then.
void run_import(const Communicator& comm, const ImportOptions& options);

}  // namespace cleft
