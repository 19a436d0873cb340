#include "pipeline/tune/unsupervised.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "config/load.hpp"
#include "parallel/agree.hpp"
#include "pipeline/tune/default_axes.hpp"
#include "pipeline/tune/guess_settings.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/settings_grid.hpp"
#include "pipeline/tune/tuned_config.hpp"

namespace cleft {
namespace {

/// Half octaves, each a number that people write.
std::vector<std::string> ratios_to_count() {
  return {"0.5", "0.7", "1", "1.4", "2", "2.8", "4", "5.6", "8", "11", "16", "22.6", "32"};
}

/// What is counted: objects at every ratio and smallest size, however large and unsplit.
SettingsGrid grid_to_count(const Config& config, const StoredRun& run) {
  std::vector<SettingAxis> axes{{"threshold.core_ratio", ratios_to_count()}};
  for (const SettingAxis& axis : axes_to_tune(config, run.volume, {}))
    if (axis.key.starts_with("filter.min_")) axes.push_back(axis);
  axes.push_back({"filter.max_size", {std::to_string(std::int64_t{1} << 62)}});
  axes.push_back({"components.split", {"none"}});
  return make_grid(config, run.volume, axes, "tune");
}

/// What was counted on rank 0.
struct CountedObjects {
  std::vector<ObjectCount> counts;               // [setting]
  std::vector<std::vector<std::int64_t>> sizes;  // [setting] of its objects
};

CountedObjects count_objects(const Communicator& comm, const StoredRun& run, const SettingsGrid& grid,
                             const std::stop_token& stop) {
  std::vector<SegmentSettings> settings;
  CountedObjects found;
  for (const GridSetting& setting : grid.settings) {
    settings.push_back(setting.settings);
    found.counts.push_back({setting.settings.threshold.options.core_ratio,
                            std::max<std::int64_t>(setting.settings.rule.bounds.min, 1), 0});
  }
  found.sizes.resize(settings.size());
  find_objects_of_settings(
      comm, run.job, settings, nullptr,
      [&](std::size_t n, const std::vector<FoundObject>& objects) {
        found.counts[n].objects = std::ssize(objects);
        for (const FoundObject& object : objects) found.sizes[n].push_back(object.size);
      },
      stop);
  return found;
}

/// The counts over ratios at the guessed smallest size.
std::string counts_text(const std::vector<ObjectCount>& counts, const Guess& guess) {
  std::string text = fmt::format("{:>12}  objects of at least {}, and as many in their largest core\n",
                                 "core_ratio", counted(guess.min_size, "voxel"));
  double last = 0;
  for (const ObjectCount& count : counts)
    if (count.min_size == guess.min_size && count.core_ratio != last) {
      fmt::format_to(std::back_inserter(text), "{:>12}  {}{}\n", count.core_ratio, count.objects,
                     count.core_ratio == guess.core_ratio ? "  <" : "");
      last = count.core_ratio;
    }
  return text;
}

Guessed nothing_to_guess(const std::vector<ObjectCount>& counts) {
  std::int64_t most = 0;
  for (const ObjectCount& count : counts) most = std::max(most, count.objects);
  Guessed guessed;
  guessed.verdict = fmt::format(
      "kept: without a truth nothing can be guessed, since no setting that was tried finds more than {} (at "
      "least {} are needed, at ratios to either side)",
      counted(most, "object"), least_objects);
  guessed.reasoning = guessed.verdict + "\n";
  return guessed;
}

/// In nm3 where the grid's smallest size is.
std::string max_size_assignment(const StoredRun& run, std::int64_t voxels, bool in_nm) {
  if (!in_nm) return fmt::format("filter.max_size={}", voxels);
  const VoxelSize& size = *run.volume.voxel_size;
  return fmt::format("filter.max_volume_nm3={:.0f}",
                     std::ceil(narrow<double>(voxels) * size.z * size.y * size.x));
}

/// On rank 0.
Guessed guess_of(const Config& config, const StoredRun& run, const SettingsGrid& grid,
                 const CountedObjects& found) {
  const Guess guess = guess_from_counts(found.counts);
  if (!guess.possible) return nothing_to_guess(found.counts);
  const auto is_guess = [&](const ObjectCount& count) {
    return count.core_ratio == guess.core_ratio && count.min_size == guess.min_size;
  };
  const auto n = to_size(std::ranges::find_if(found.counts, is_guess) - found.counts.begin());
  const std::int64_t max_size = guess_max_size(found.sizes[n]);
  Guessed guessed;
  const auto values = grid.values_of(n);
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (values[axis] != as_configured)
      guessed.assignments.push_back(grid.axes[axis].key + "=" + values[axis]);
  guessed.assignments.push_back(
      max_size_assignment(run, max_size, grid.axes[1].key == "filter.min_volume_nm3"));
  const auto changes = changed_values(config, with_values(config, guessed.assignments, "tune"));
  guessed.verdict = fmt::format(
      "a guess, since there is no truth: around core_ratio {} and {} the number of objects, {}, changes the "
      "least; {}",
      guess.core_ratio, counted(guess.min_size, "voxel"), guess.objects,
      changes.empty() ? "the configured settings are kept" : changes_text(changes));
  guessed.reasoning =
      counts_text(found.counts, guess) +
      fmt::format(
          "there: the count changes by {:.0f} % where ratio or size change by 10 %; 19 of "
          "20 objects have at most {}, and the largest allowed is four times that\n{}\n"
          "look at what detect finds with it, and mark some objects to tune by\n",
          1000 * (std::pow(1.1, guess.change) - 1) / 10, counted(max_size / 4, "voxel"), guessed.verdict);
  return guessed;
}

}  // namespace

Guessed guess_settings(const Communicator& comm, const Config& config, const StoredRun& run,
                       const std::stop_token& stop) {
  SettingsGrid grid;
  all_or_throw(comm, [&] { grid = grid_to_count(config, run); });
  const CountedObjects found = count_objects(comm, run, grid, stop);
  Guessed guessed;
  all_or_throw(comm, [&] {
    if (comm.is_root()) guessed = guess_of(config, run, grid, found);
  });
  return guessed;
}

}  // namespace cleft
