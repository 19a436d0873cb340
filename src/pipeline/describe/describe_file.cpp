#include "pipeline/describe/describe_file.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/h5/h5.hpp"

namespace cleft {
namespace {

constexpr std::size_t max_datasets = 50;

std::string line(std::string_view name, const std::string& value) {
  return fmt::format("  {:<12} {}\n", name, value);
}

std::string compression_text(const h5::Dataset& dataset) {
  auto filters = dataset.filters();
  std::replace(filters.begin(), filters.end(), std::string("deflate"), std::string("gzip"));
  return filters.empty() ? "none" : fmt::format("{}", fmt::join(filters, ", "));
}

std::string describe_volume(const VolumeReader& volume) {
  const auto chunk = volume.chunk();
  const auto voxel_size = volume.voxel_size();
  return line("extent", to_string(volume.extent())) + line("type", to_string(volume.type())) +
         line("voxel size", voxel_size ? to_string(*voxel_size) : "not stated") +
         line("chunks", chunk ? to_string(*chunk) : "none: contiguous");
}

/// "table of 12 rows", "4 x 3 values".
std::string shape_text(const h5::Dataset& dataset) {
  const h5::Shape shape = dataset.shape();
  if (dataset.type_class() == H5T_COMPOUND && shape.size() == 1)
    return "table of " + counted(narrow<std::int64_t>(shape[0]), "row");
  return shape.empty() ? "one value" : fmt::format("{} values", fmt::join(shape, " x "));
}

/// What cannot be read as a volume although it has axes enough for one comes with the reason.
std::string describe_dataset(const h5::File& file, const VolumePath& path) {
  constexpr std::size_t volume_axes = 3;
  const h5::Dataset dataset = file.dataset(path.dataset);
  std::string text = to_string(path) + "\n";
  try {
    text += describe_volume(VolumeReader(path));
  } catch (const InputError& reason) {
    text += line("shape", shape_text(dataset));
    if (dataset.shape().size() >= volume_axes) text += line("no volume", reason.what());
  }
  return text + line("compression", compression_text(dataset));
}

}  // namespace

std::string describe_datasets(const VolumePath& path) {
  const auto file = h5::File::open_read(path.file);
  if (!path.dataset.empty()) return describe_dataset(file, path);
  const auto datasets = file.dataset_paths(max_datasets);
  if (datasets.empty()) return fmt::format("{}\n  no datasets\n", path.file.string());
  std::string text;
  for (const auto& dataset : datasets) text += describe_dataset(file, {path.file, dataset});
  if (datasets.size() == max_datasets) text += "and perhaps more\n";
  return text;
}

}  // namespace cleft
