#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/box.hpp"
#include "io/sections/image_stack.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {

/// A stack of images that is to become a volume.
struct ImportOptions {
  std::string source;                     ///< folder, pattern or file, as find_stack takes it
  VolumePath output;                      ///< an empty dataset stands for /raw
  std::optional<VoxelSize> voxel_size{};  ///< nm; nothing: as the files state it
  /// Whether the voxel size counts although a file states another one, or although no volume of such voxels
  /// is likely.
  bool trust_voxel_size = false;
  std::optional<Extent> chunk{};  ///< nothing: default_chunk
  bool replace = false;           ///< whether an existing file may be replaced
  StackOptions stack{};
};

/// Chunks of about 64³ voxels for a volume of so many sections. One rank reads all sections of a chunk into
/// memory: chunks are flat where 64 sections would not fit into 1 GiB, or where fewer than 16 ranks would
/// have sections to read. The same for any number of ranks, as the file's bytes are.
Extent default_chunk(std::int64_t sections, std::int64_t section_bytes);

/// The dataset that the volume becomes: "/raw" unless the output names another.
std::string written_dataset(const ImportOptions& options);

/// Refuses options that cannot be followed, whatever the stack is.
/// \throws InputError
void check_import_options(const ImportOptions& options);

/// The chunks of the volume, not larger than itself: as stated, or default_chunk.
/// \throws InputError when HDF5 has no such chunks, or this machine not the memory
Extent import_chunk(const ImportOptions& options, const SectionList& list);

/// The voxel size that counts.
/// \param origin  Gets where it comes from: "stack.tif (ImageJ)", "--voxel-size".
/// \throws InputError when none is stated, two contradict each other, or it is not plausible
VoxelSize import_voxel_size(const ImportOptions& options, const ImageStack& stack, std::string& origin);

}  // namespace cleft
