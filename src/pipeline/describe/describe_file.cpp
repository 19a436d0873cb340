#include "pipeline/describe/describe_file.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "io/volume/open_volume.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {
namespace {

constexpr std::size_t max_datasets = 50;

std::string line(std::string_view name, const std::string& value) {
  return fmt::format("  {:<12} {}\n", name, printable(value));
}

std::string describe_volume(const VolumeReader& volume) {
  const auto chunk = volume.chunk();
  const auto voxel_size = volume.voxel_size();
  std::string text = line("extent", to_string(volume.extent()));
  if (volume.channel_count() > 1) text += line("channels", fmt::format("{}", volume.channel_count()));
  // What import filled in, in its words.
  for (const std::string& missing : volume.source().texts("missing_sections_are"))
    text += line("missing", missing);
  return text + line("type", to_string(volume.type())) +
         line("voxel size", voxel_size ? to_string(*voxel_size) : "not stated") +
         line("chunks", chunk ? to_string(*chunk) : "none: contiguous");
}

/// "table of 12 rows", "4 x 3 values".
std::string shape_text(const DatasetSummary& dataset) {
  if (dataset.is_table) return "table of " + counted(dataset.shape.front(), "row");
  return dataset.shape.empty() ? "one value" : fmt::format("{} values", fmt::join(dataset.shape, " x "));
}

/// What cannot be read as a volume although it has axes enough for one comes with the reason.
std::string describe_dataset(const DatasetSummary& dataset) {
  constexpr std::size_t volume_axes = 3;
  std::string text = printable(to_string(dataset.path)) + "\n";
  if (!dataset.link_target.empty()) text += line("linked to", dataset.link_target);
  if (!dataset.why_not_there.empty()) return text + line("missing", dataset.why_not_there);
  try {
    VolumePath path = dataset.path;
    path.options.missing = Missing::background;  // what is missing is told below
    text += describe_volume(VolumeReader(path, 0));
  } catch (const InputError& reason) {
    text += line("shape", shape_text(dataset));
    if (dataset.shape.size() >= volume_axes) text += line("no volume", reason.what());
  }
  for (const auto& remark : dataset.remarks) text += line(remark.word, remark.text);
  const auto& compression = dataset.compression;
  return text +
         line("compression", compression.empty() ? "none" : fmt::format("{}", fmt::join(compression, ", ")));
}

/// What a probability file of cleft has beside the probability is nobody's business.
void leave_out_internals(std::vector<DatasetSummary>& datasets) {
  const auto has = [&](const DatasetSummary& dataset, std::string_view name) {
    return dataset.path.dataset == name;
  };
  if (!std::ranges::any_of(datasets, [&](const auto& d) { return has(d, "/probability"); })) return;
  std::erase_if(datasets, [&](const auto& d) { return has(d, "/manifest") || has(d, "/checksums"); });
}

}  // namespace

std::string describe_datasets(const VolumePath& path) {
  auto datasets = summarize_datasets(path, max_datasets);
  if (path.dataset.empty()) leave_out_internals(datasets);
  if (datasets.empty()) return fmt::format("{}\n  no datasets\n", printable(path.file.string()));
  std::string text;
  for (const auto& dataset : datasets) text += describe_dataset(dataset);
  if (datasets.size() == max_datasets) text += "and perhaps more\n";
  return text;
}

}  // namespace cleft
