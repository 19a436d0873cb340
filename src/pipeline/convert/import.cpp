#include "pipeline/convert/import.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <span>

#include <fmt/format.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/files/output_folder.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "blocks/ownership.hpp"
#include "io/distributed/h5_volume_writer.hpp"
#include "io/sections/image_stack.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"

namespace cleft {
namespace {

void check_options(const ImportOptions& options) {
  const std::string output = to_string(options.output);
  if (!names_hdf5_file(options.output.file))
    throw InputError({output, "is not the name of an HDF5 file", "FILE.h5 or FILE.h5/DATASET"});
  if (!options.replace && std::filesystem::exists(options.output.file))
    throw InputError({options.output.file.string(), "is there already", "a new name, or --force"});
  check_output_folder(options.output.file);
  for (int axis = 0; axis < 3; ++axis) {
    const double nm = options.voxel_size[axis];
    if (!(std::isfinite(nm) && nm > 0))
      throw InputError({"--voxel-size", fmt::format("{} nm", nm), "three lengths above 0 (z,y,x)"});
    if (options.chunk && (*options.chunk)[axis] < 1)
      throw InputError({"--chunk", fmt::format("{} voxels", (*options.chunk)[axis]),
                        "three numbers of at least 1 (z,y,x)"});
  }
}

/// Copies this rank's sections, a chunk's thickness at a time. The ranks agree after each step, so that a
/// section that cannot be read ends the import at once and not when all others are done.
template <class T>
void copy_sections(const Communicator& comm, const SectionList& list, VolumeWriter& writer,
                   h5::Dataset& volume, std::int64_t thickness) {
  const Extent extent = list.extent();
  const std::int64_t slabs = (extent.z + thickness - 1) / thickness;
  const NumberRange mine = owned_range(slabs, comm.rank(), comm.size());
  const std::int64_t steps = comm.max(mine.size());
  SectionReader reader(list);
  auto slab = Array3<T>::uninitialized({std::min(thickness, extent.z), extent.y, extent.x});
  Progress progress("import", voxel_count(extent), comm.is_root());
  for (std::int64_t step = 0; step < steps; ++step) {
    all_or_throw(comm, [&] {
      if (step >= mine.size()) return;
      const std::int64_t first = (mine.begin + step) * thickness;
      const Box box{{first, 0, 0}, {std::min(first + thickness, extent.z), extent.y, extent.x}};
      const auto section = to_size(extent.y * extent.x);
      for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
        reader.read_section(z, std::as_writable_bytes(std::span(slab.row(z - first, 0), section)));
      writer.write_chunks<T>(volume, box, View3<const T>(slab.data(), box.extent()));
    });
    // All ranks have done as many steps, give or take one.
    progress.update(voxel_count(extent) * (step + 1) / steps);
  }
}

template <class T>
void import_as(const Communicator& comm, const SectionList& list, const ImportOptions& options) {
  const std::string dataset = options.output.dataset.empty() ? "/raw" : options.output.dataset;
  const Extent chunk =
      options.chunk.value_or(default_chunk(list.extent().z, narrow<std::int64_t>(list.shape().bytes())));
  auto writer = VolumeWriter::create(comm, options.output.file);
  auto volume = writer.create_volume<T>(
      dataset, {.extent = list.extent(), .chunk = chunk, .voxel_size = options.voxel_size});
  writer.flush();
  copy_sections<T>(comm, list, writer, volume, chunk.z);
  writer.finish();
  log::info("import: {} voxels, {}, of {} to {}", to_string(list.extent()), to_string(list.type),
            options.source, to_string(VolumePath{options.output.file, dataset}));
}

}  // namespace

Extent default_chunk(std::int64_t sections, std::int64_t section_bytes) {
  constexpr std::int64_t max_bytes = std::int64_t{1} << 30;
  constexpr std::int64_t fewest_slabs = 16;
  Extent chunk{64, 64, 64};
  while (chunk.z > 1 &&
         (chunk.z * section_bytes > max_bytes || (sections + chunk.z - 1) / chunk.z < fewest_slabs))
    chunk = {chunk.z / 4, chunk.y * 2, chunk.x * 2};
  return chunk;
}

void run_import(const Communicator& comm, const ImportOptions& options) {
  SectionList list;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_options(options);
    list = list_sections(options.source);
  });
  list = broadcast_archive(comm, std::move(list));
  if (list.type == ElementType::uint8)
    import_as<std::uint8_t>(comm, list, options);
  else
    import_as<std::uint16_t>(comm, list, options);
}

}  // namespace cleft
