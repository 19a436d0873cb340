#include "pipeline/convert/import_checks.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files/output_folder.hpp"
#include "base/narrow.hpp"
#include "base/text/numbers.hpp"
#include "base/voxel_size.hpp"
#include "pipeline/convert/replace_volume.hpp"

namespace cleft {
namespace {

constexpr double gib = 1U << 30U;

void check_voxel_size(const VoxelSize& size, bool trusted) {
  for (int axis = 0; axis < 3; ++axis)
    if (!is_voxel_length(size[axis]))
      throw InputError({"--voxel-size", fmt::format("{} nm", size[axis]),
                        "three lengths above 0 (z,y,x), of 1e-6 to 1e12 nm"});
  if (!trusted) check_plausible_voxel_size(size, "--voxel-size", "--trust-voxel-size to take it as it is");
}

/// "z 40, y 4, x 4 nm" of what a file states.
std::string stated_text(const PartialVoxelSize& size) {
  std::string text;
  const auto add = [&](const char* axis, const std::optional<double>& nm) {
    if (nm) text += fmt::format("{}{} {:.7g}", text.empty() ? "" : ", ", axis, *nm);
  };
  add("z", size.z);
  add("y", size.y);
  add("x", size.x);
  return text + " nm";
}

bool contradicts(const VoxelSize& given, const PartialVoxelSize& stated) {
  VoxelSize other{stated.z.value_or(given.z), stated.y.value_or(given.y), stated.x.value_or(given.x)};
  // A file's numbers are often rounded to a few digits: a thousandth is no contradiction.
  for (int axis = 0; axis < 3; ++axis)
    if (std::abs(other[axis] - given[axis]) > 2e-3 * std::max(other[axis], given[axis])) return true;
  return false;
}

/// 4.5999999, from a fraction of whole numbers, is 4.6.
double tidy(double nm) {
  return number_from<double>(fmt::format("{:.6g}", nm)).value_or(nm);
}

}  // namespace

Extent default_chunk(std::int64_t sections, std::int64_t section_bytes) {
  constexpr std::int64_t max_bytes = std::int64_t{1} << 30;
  constexpr std::int64_t min_slabs = 16;
  Extent chunk{64, 64, 64};
  while (chunk.z > 1 &&
         (chunk.z * section_bytes > max_bytes || (sections + chunk.z - 1) / chunk.z < min_slabs))
    chunk = {chunk.z / 4, chunk.y * 2, chunk.x * 2};
  return chunk;
}

std::string written_dataset(const ImportOptions& options) {
  const std::string& dataset = options.output.dataset;
  return dataset.empty() ? "/raw" : dataset.starts_with('/') ? dataset : "/" + dataset;
}

void check_import_options(const ImportOptions& options) {
  if (!names_hdf5_file(options.output.file))
    throw InputError(
        {to_string(options.output), "is not the name of an HDF5 file", "FILE.h5 or FILE.h5/DATASET"});
  check_may_replace_volume(options.output.file, options.replace, std::vector{written_dataset(options)});
  check_output_folder(options.output.file);
  if (options.voxel_size) check_voxel_size(*options.voxel_size, options.trust_voxel_size);
  for (int axis = 0; axis < 3; ++axis)
    if (options.chunk && (*options.chunk)[axis] < 1)
      throw InputError({"--chunk", fmt::format("{} voxels", (*options.chunk)[axis]),
                        "three numbers of at least 1 (z,y,x)"});
}

Extent import_chunk(const ImportOptions& options, const SectionList& list) {
  const Extent extent = list.extent();
  const auto section_bytes = narrow<std::int64_t>(list.shape().bytes());
  Extent chunk = options.chunk.value_or(default_chunk(extent.z, section_bytes));
  for (int axis = 0; axis < 3; ++axis) chunk[axis] = std::min(chunk[axis], extent[axis]);
  constexpr double hdf5_limit = 4 * gib;
  const double chunk_bytes = static_cast<double>(chunk.z) * static_cast<double>(chunk.y) *
                             static_cast<double>(chunk.x) * static_cast<double>(size_of(list.shape().type));
  if (chunk_bytes >= hdf5_limit)
    throw InputError({"--chunk",
                      fmt::format("{} voxels of {} are {:.1f} GiB", to_string(chunk),
                                  to_string(list.shape().type), chunk_bytes / gib),
                      "chunks of less than 4 GiB"});

  const double needed = static_cast<double>(chunk.z) * static_cast<double>(section_bytes);
  const double memory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  // Ranks may be spread over several machines: only what a single one cannot hold is surely too much.
  if (needed > memory)
    throw InputError({"--chunk",
                      fmt::format("{} sections of {:.2f} GiB are in the memory of a rank at a time", chunk.z,
                                  static_cast<double>(section_bytes) / gib),
                      fmt::format("flatter chunks: this machine has {:.1f} GiB", memory / gib)});
  return chunk;
}

VoxelSize import_voxel_size(const ImportOptions& options, const ImageStack& stack, std::string& origin) {
  const PartialVoxelSize& stated = stack.voxel_size;
  if (options.voxel_size) {
    origin = "--voxel-size";
    if (stated.any() && contradicts(*options.voxel_size, stated)) {
      if (!options.trust_voxel_size)
        throw InputError({"--voxel-size",
                          fmt::format("{}, but {} states {}", to_string(*options.voxel_size),
                                      stack.voxel_size_source, stated_text(stated)),
                          "the same, or --trust-voxel-size to take it all the same"});
      origin += fmt::format(" (instead of {} in {})", stated_text(stated), stack.voxel_size_source);
    }
    return *options.voxel_size;
  }
  if (!stated.z || !stated.y || !stated.x)
    throw InputError({"--voxel-size",
                      stated.any() ? fmt::format("not given, and {} states only {}", stack.voxel_size_source,
                                                 stated_text(stated))
                                   : fmt::format("not given, and {} does not state it", stack.source),
                      "edge lengths of a voxel in nm, such as --voxel-size 45,4,4 (z,y,x)"});
  origin = stack.voxel_size_source;
  const VoxelSize size{tidy(*stated.z), tidy(*stated.y), tidy(*stated.x)};
  for (int axis = 0; axis < 3; ++axis)
    if (!is_voxel_length(size[axis]))
      throw InputError(
          {stack.voxel_size_source, "states voxels of " + stated_text(stated), "--voxel-size z,y,x"});
  if (!options.trust_voxel_size)
    check_plausible_voxel_size(size, stack.voxel_size_source,
                               "--voxel-size z,y,x with --trust-voxel-size, if the file is wrong");
  return size;
}

}  // namespace cleft
