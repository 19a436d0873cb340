#include "pipeline/convert/import.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/text/counted.hpp"
#include "base/voxel_size.hpp"
#include "blocks/ownership.hpp"
#include "io/distributed/volume_writer.hpp"
#include "io/sections/image_stack.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"
#include "pipeline/convert/import_checks.hpp"

namespace cleft {
namespace {

/// What is decided before any section is read; the same on all ranks.
struct Plan {
  SectionList list;
  Extent chunk;
  VoxelSize voxel_size;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& list;
    for (int axis = 0; axis < 3; ++axis) archive& chunk[axis] & voxel_size[axis];
  }
};

/// "3, 7, 8: the section before stands there".
std::string missing_text(const std::vector<std::int64_t>& missing, FillMissing fill) {
  constexpr std::size_t shown = 20;
  const std::span<const std::int64_t> first(missing.data(), std::min(shown, missing.size()));
  return fmt::format("{}{}: {}", fmt::join(first, ", "),
                     missing.size() > shown ? fmt::format(", ... ({} in all)", missing.size()) : "",
                     fill == FillMissing::repeat ? "the section before stands there" : "zeros stand there");
}

/// Copies this rank's sections, a chunk's thickness at a time. The ranks agree after each step, so that a
/// section that cannot be read ends the import at once and not when all others are done.
template <class T>
void copy_sections(const Communicator& comm, const SectionList& list, VolumeWriter& writer,
                   WrittenVolume& volume, std::int64_t thickness) {
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
void import_as(const Communicator& comm, const Plan& plan, const ImportOptions& options,
               const ImageStack& stack) {
  const SectionList& list = plan.list;
  const std::string dataset = written_dataset(options);
  auto writer = VolumeWriter::create(comm, options.output.file);
  {
    auto volume = writer.create_volume<T>(
        dataset, {.extent = list.extent(), .chunk = plan.chunk, .voxel_size = plan.voxel_size});
    if (!list.missing.empty()) {
      volume.set_attribute("missing_sections", list.missing);
      volume.set_attribute("missing_sections_are",
                           std::vector<std::string>{missing_text(list.missing, *options.stack.missing)});
    }
    writer.flush();
    copy_sections<T>(comm, list, writer, volume, plan.chunk.z);
  }
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_unchanged(stack);
  });
  writer.finish();
  log::info("import: {} voxels, {}, of {} to {}", to_string(list.extent()), to_string(list.shape().type),
            options.source, to_string(VolumePath{options.output.file, dataset}));
  log::info("import: done; the first section is {}, the last {}", list.name_of(0),
            list.name_of(list.extent().z - 1));
}

void tell(const ImageStack& stack, const ImportOptions& options, const Plan& plan,
          const std::string& origin) {
  for (const std::string& line : stack.warnings) log::warning("{}", line);
  for (const std::string& line : stack.notes) log::info("{}", line);
  if (!plan.list.missing.empty())
    log::warning("{} missing, counted from 0: {}",
                 counted(narrow<std::int64_t>(plan.list.missing.size()), "section"),
                 missing_text(plan.list.missing, *options.stack.missing));
  log::info("voxels of {}, from {}", to_string(plan.voxel_size), origin);
  if (looks_swapped(plan.voxel_size))
    log::warning("these voxels are longer along x than along z: is their size given as z,y,x?");
}

}  // namespace

void import_stack(const Communicator& comm, const ImageStack& stack, const ImportOptions& options) {
  Plan plan;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    std::string origin;
    plan.voxel_size = import_voxel_size(options, stack, origin);
    plan.chunk = import_chunk(options, stack.sections);
    plan.list = stack.sections;
    tell(stack, options, plan, origin);
  });
  plan = broadcast_archive(comm, std::move(plan));
  visit_type(plan.list.shape().type,
             [&](auto zero) { import_as<decltype(zero)>(comm, plan, options, stack); });
}

void run_import(const Communicator& comm, const ImportOptions& options) {
  ImageStack stack;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_import_options(options);
    stack = find_stack(options.source, options.stack);
  });
  import_stack(comm, stack, options);
}

}  // namespace cleft
