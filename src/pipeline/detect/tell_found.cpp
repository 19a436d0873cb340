#include "pipeline/detect/tell_found.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/counted.hpp"

namespace cleft {
namespace {

/// "5.3 (a probability of 0.84)".
std::string ratio_text(double ratio) {
  if (!std::isfinite(ratio)) return "beyond all bounds (a probability of 1)";
  return fmt::format("{:.3g} (a probability of {:.3g})", ratio, ratio / (1 + ratio));
}

std::string found_line(const SegmentSummary& summary) {
  const double seconds = summary.threshold_seconds + summary.merge_seconds + summary.split_seconds +
                         summary.combine_seconds + summary.write_seconds;
  const DroppedCounts& dropped = summary.dropped;
  const std::string candidates =
      summary.candidates == 0
          ? ""
          : fmt::format("; of these {} kept in the table", counted(summary.candidates, "candidate"));
  const std::string split =
      summary.split.components == 0
          ? ""
          : fmt::format("; {} split into {} parts", counted(summary.split.components, "component"),
                        summary.split.parts);
  return fmt::format(
      "segment: {} in {} searched in {:.1f} s{}; dropped: {} without a core, {} too small, {} too large{}",
      counted(summary.synapses, "synapse"), counted(summary.searched_voxels, "voxel"), seconds, split,
      counted(dropped.no_core, "component"), dropped.too_small, dropped.too_large, candidates);
}

std::string highest_line(const SegmentJob& job, const SegmentSummary& summary) {
  const auto& threshold = job.threshold.options;
  std::string line = fmt::format("segment: the highest ratio of '{}' to the rest is {}", threshold.foreground,
                                 ratio_text(summary.highest_ratio));
  if (summary.dropped.all() == 0)
    return line + fmt::format("; none is above threshold.reference_ratio = {}", threshold.reference_ratio);
  if (summary.dropped.all() == summary.dropped.no_core)
    line += fmt::format("; none is above threshold.core_ratio = {}", threshold.core_ratio);
  return line;
}

/// Which core_ratio leaves as many voxels as the smallest core has.
std::string core_line(const SegmentJob& job, const SegmentSummary& summary) {
  if (!summary.ratio_of_smallest_core)
    return fmt::format(
        "segment: fewer than {} have a ratio above threshold.reference_ratio = {}: filter.min_size "
        "(min_volume_nm3) leaves nothing to find",
        counted(job.rule.bounds.min, "voxel"), job.threshold.options.reference_ratio);
  if (*summary.ratio_of_smallest_core > job.threshold.options.core_ratio)
    return fmt::format(
        "segment: no component has a core of {} (filter.min_size or min_volume_nm3); a lower "
        "threshold.core_ratio makes cores larger",
        counted(job.rule.bounds.min, "voxel"));
  return fmt::format(
      "segment: a core of {} (filter.min_size or min_volume_nm3) can only be found with a "
      "threshold.core_ratio "
      "below about {:.3g}",
      counted(job.rule.bounds.min, "voxel"), *summary.ratio_of_smallest_core);
}

}  // namespace

std::string line_about_not_numbers(const PredictSummary& summary) {
  const Extent& reach = summary.halo;
  return fmt::format(
      "{} not usable (NaN, infinite or beyond 1e9): nothing can be found within {} x {} x {} voxels (z, y, "
      "x) of {}; "
      "volume.missing: background reads them as 0",
      counted(summary.not_numbers, "voxel") + (summary.not_numbers == 1 ? " is" : " are"), reach.z, reach.y,
      reach.x, summary.not_numbers == 1 ? "it" : "each");
}

std::vector<std::string> lines_about_left_whole(const SegmentSummary& summary) {
  constexpr std::size_t most = 20;
  const auto& left = summary.split.left_whole;
  std::vector<std::string> lines;
  for (std::size_t n = 0; n < std::min(left.size(), most); ++n)
    lines.push_back(fmt::format(
        "the component at voxel {}, {}, {} (z, y, x) is left whole, it is too large to be split: its box {} "
        "{}",
        left[n].first_voxel.z, left[n].first_voxel.y, left[n].first_voxel.x, to_string(left[n].bounds),
        left[n].memory_per_rank > 0
            ? fmt::format("needs a run.memory_per_rank of {} MiB", (left[n].memory_per_rank >> 20U) + 1)
            : "has more voxels than can be labelled at once"));
  if (left.size() > most)
    lines.push_back(fmt::format("{} more are left whole, see run.json",
                                counted(narrow<std::int64_t>(left.size() - most), "component")));
  return lines;
}

std::vector<std::string> lines_about(const SegmentJob& job, const SegmentSummary& summary) {
  std::vector<std::string> lines{found_line(summary)};
  if (summary.synapses > 0) return lines;
  if (summary.searched_voxels == 0) {
    lines.emplace_back("segment: nothing was searched: the mask (volume.mask) leaves no voxel of the volume");
    return lines;
  }
  lines.push_back(highest_line(job, summary));
  const DroppedCounts& dropped = summary.dropped;
  if (dropped.no_core + dropped.too_small > 0) lines.push_back(core_line(job, summary));
  if (dropped.too_large > 0)
    lines.push_back(fmt::format(
        "segment: {} above the {} voxels of filter.max_size (max_volume_nm3)",
        dropped.too_large == 1 ? "1 component is" : fmt::format("{} components are", dropped.too_large),
        job.rule.bounds.max));
  return lines;
}

}  // namespace cleft
