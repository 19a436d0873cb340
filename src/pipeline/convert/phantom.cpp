#include "pipeline/convert/phantom.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/output_folder.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/ownership.hpp"
#include "io/distributed/volume_writer.hpp"
#include "parallel/agree.hpp"
#include "phantom/phantom.hpp"
#include "phantom/stroke_classes.hpp"
#include "pipeline/convert/replace_volume.hpp"

namespace cleft {
namespace {

/// The datasets of a phantom's file.
struct PhantomFile {
  WrittenVolume raw, synapses, classes, labels;
};

const std::vector<std::string> class_names{"membrane", "synapse", "rest"};

/// A chunk is made in one go: about a cube of tissue, as long as it is 256 Ki voxels.
Extent chunk_for(const VoxelSize& size) {
  const bool thick_sections = size.z >= 3 * std::max(size.y, size.x);
  return thick_sections ? Extent{16, 128, 128} : Extent{64, 64, 64};
}

void check_output(const std::filesystem::path& out, bool replace) {
  check_may_replace_volume(out, replace,
                           std::vector<std::string>{"/raw", "/truth/synapses", "/truth/classes", "/labels"});
  check_output_folder(out);
}

/// Voxels of labelled sections that are made before the work begins: within seconds. Strokes lack a class in
/// small phantoms.
constexpr std::int64_t max_voxels_looked_at = std::int64_t{1} << 21U;

/// An extent at which the strokes of such a phantom label every class; nothing where no small one was found.
std::optional<Extent> extent_with_every_class(PhantomOptions options) {
  for (;;) {
    for (int axis = 0; axis < 3; ++axis)  // a quarter longer, in steps of 8
      options.extent[axis] = std::max(options.extent[axis], (options.extent[axis] * 5 / 4 + 7) / 8 * 8);
    const StrokeClasses strokes = look_for_strokes(options, max_voxels_looked_at);
    if (!strokes.certain) return std::nullopt;
    if (strokes.missing.empty()) return options.extent;
  }
}

/// What could be asked for so that the strokes label every class.
std::string way_to_strokes(const PhantomOptions& options, const StrokeClasses& strokes) {
  const auto lacks = [&](PhantomClass c) {
    return std::find(strokes.missing.begin(), strokes.missing.end(), c) != strokes.missing.end();
  };
  if (options.synapse_density == 0 && lacks(PhantomClass::synapse)) return "a --synapse-density above 0";
  if (options.strokes == 0 && lacks(PhantomClass::membrane)) return "--strokes above 0";
  const auto extent = extent_with_every_class(options);
  const std::string others =
      lacks(PhantomClass::synapse) ? "or another --seed" : "another --seed, or more --strokes";
  return extent
             ? fmt::format("--extent {},{},{} (which has them), ", extent->z, extent->y, extent->x) + others
             : "a larger --extent, " + others;
}

/// Says at once, before the work, what train would refuse.
/// \returns Whether it is certain that every class that is not warned about has strokes.
bool warn_of_missing_strokes(const PhantomOptions& options, const std::filesystem::path& out) {
  const StrokeClasses strokes = look_for_strokes(options, max_voxels_looked_at);
  if (!strokes.certain || strokes.missing.empty()) return strokes.certain;
  std::vector<std::string> names;
  for (const PhantomClass c : strokes.missing)
    names.push_back("'" + class_names.at(static_cast<std::size_t>(c) - 1) + "'");
  log::warning("{}: no stroke labels the class{} {}, so that train will refuse /labels; expected {}",
               out.string(), names.size() > 1 ? "es" : "", fmt::join(names, ", "),
               way_to_strokes(options, strokes));
  return true;
}

void describe(VolumeWriter& file, const PhantomOptions& o) {
  file.set_attribute("phantom_seed", o.seed);
  file.set_attribute("phantom_synapse_density", o.synapse_density);
  file.set_attribute("phantom_noise", o.noise);
  file.set_attribute("phantom_shading", o.shading);
  file.set_attribute("phantom_section_jitter", o.section_jitter);
}

PhantomFile create_datasets(VolumeWriter& writer, const PhantomOptions& options) {
  VolumeLayout plain{options.extent, chunk_for(options.voxel_size), false, options.voxel_size};
  plain.offset = PerAxis<double>{};  // a world of its own begins here
  VolumeLayout packed = plain;
  packed.compressed = true;
  PhantomFile file{writer.create_volume<std::uint8_t>("/raw", plain),
                   writer.create_volume<std::uint64_t>("/truth/synapses", packed),
                   writer.create_volume<std::uint8_t>("/truth/classes", packed),
                   writer.create_volume<std::uint8_t>("/labels", packed)};
  file.classes.set_attribute("classes", class_names);
  file.labels.set_attribute("classes", class_names);
  describe(writer, options);
  writer.flush();
  return file;
}

/// Makes this rank's share of the chunks, one per round, and writes each round together.
/// \returns [class] how many voxels the strokes label, over all ranks.
std::vector<std::int64_t> make_chunks(const Communicator& comm, const PhantomOptions& options,
                                      const VolumeWriter& writer, PhantomFile& file) {
  Phantom phantom(options);
  const BlockGrid grid(options.extent, chunk_for(options.voxel_size), {0, 0, 0});
  const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
  const std::int64_t rounds = comm.max(mine.size()), total = voxel_count(options.extent);
  std::vector<std::int64_t> labelled(class_names.size());
  Progress progress("phantom", total, comm.is_root());
  for (std::int64_t round = 0; round < rounds; ++round) {
    PhantomBlock block(Box{});
    all_or_throw(comm, [&] {
      if (round >= mine.size()) return;
      block = phantom.make(grid.owned(mine.begin + round));
      writer.write_chunks<std::uint8_t>(file.raw, block.box, block.raw.view());
      for (const std::uint8_t label : block.labels.voxels())
        if (label > 0) ++labelled.at(label - std::size_t{1});
    });
    writer.write_collective<std::uint64_t>(file.synapses, block.box, block.synapses.view());
    writer.write_collective<std::uint8_t>(file.classes, block.box, block.classes.view());
    writer.write_collective<std::uint8_t>(file.labels, block.box, block.labels.view());
    progress.update(std::min(total, (round + 1) * comm.size() * voxel_count(grid.block())));
  }
  comm.sum(std::span(labelled));
  return labelled;
}

}  // namespace

void run_phantom(const Communicator& comm, const PhantomOptions& options, const std::filesystem::path& out,
                 bool replace) {
  bool strokes_are_known = false;
  all_or_throw(comm, [&] {
    validate(options);
    if (!comm.is_root()) return;
    check_output(out, replace);
    strokes_are_known = warn_of_missing_strokes(options, out);
  });
  VolumeWriter writer = VolumeWriter::create(comm, out);
  std::vector<std::int64_t> labelled;
  {
    PhantomFile file = create_datasets(writer, options);
    labelled = make_chunks(comm, options, writer, file);
  }
  writer.finish();
  log::info("{}: phantom of {} voxels of {}", out.string(), to_string(options.extent),
            to_string(options.voxel_size));
  for (std::size_t c = 0; c < labelled.size(); ++c)
    if (labelled[c] == 0 && comm.is_root() && !strokes_are_known && labelled_sections(options) > 0)
      log::warning(
          "{}: no stroke labels the class '{}', so that train will refuse /labels; another seed, a larger "
          "extent or more strokes may",
          out.string(), class_names[c]);
}

}  // namespace cleft
