#include "pipeline/tune/search_settings.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>
#include <utility>

#include "base/narrow.hpp"
#include "base/timer.hpp"
#include "parallel/agree.hpp"
#include "pipeline/tune/shared_work.hpp"

namespace cleft {
namespace {

/// How many of the best settings are split in all ways.
constexpr std::size_t split_seeds = 8;
/// How often the axes are gone through around the best setting that is split.
constexpr int rounds_around_best = 2;

/// A search under way.
class Search {
 public:
  Search(const Communicator& comm, const Config& config, const StoredRun& run, const SettingJudge& judge,
         const std::stop_token& stop)
      : comm_(comm), config_(config), run_(run), judge_(judge), stop_(stop) {}

  /// Step 1: all combinations, and the configured setting.
  void judge_grid(const SearchSpace& space);
  /// Step 2: ways of splitting.
  void judge_split(const SearchSpace& space);
  /// Step 3: the other axes around the best, where that is split.
  void judge_around_best(const SearchSpace& space);
  JudgedSettings take() && { return std::move(done_); }

 private:
  /// Judges settings that were not judged before.
  void judge(const std::vector<GridSetting>& settings);
  /// Adds the setting at a place, unless its values contradict each other.
  void add_at(const GridPlace& at, std::vector<GridSetting>& settings) const;
  GridPlace configured_place() const;
  /// Places of the best settings, the best first; of those that differ by the largest size alone only one.
  std::vector<GridPlace> best(std::size_t count) const;

  const Communicator& comm_;
  const Config& config_;
  const StoredRun& run_;
  const SettingJudge& judge_;
  const std::stop_token& stop_;
  JudgedSettings done_;
  std::set<GridPlace> places_;
};

void Search::judge(const std::vector<GridSetting>& settings) {
  std::vector<GridSetting> fresh;
  for (const GridSetting& setting : settings)
    if (places_.insert(setting.at).second) fresh.push_back(setting);
  std::vector<SegmentSettings> of_segment;
  for (const GridSetting& setting : fresh) of_segment.push_back(setting.settings);
  const auto agreements = judge_settings(comm_, run_.job, of_segment, judge_, stop_, &done_.outcomes);
  for (const SharedSmoothing& smoothing : shared_work(of_segment)) {
    ++done_.smoothings;
    for (const SharedLevels& levels : smoothing.levels) done_.masks += std::ssize(levels.ratios);
  }
  done_.settings.insert(done_.settings.end(), fresh.begin(), fresh.end());
  done_.agreements.insert(done_.agreements.end(), agreements.begin(), agreements.end());
}

void Search::add_at(const GridPlace& at, std::vector<GridSetting>& settings) const {
  if (auto setting = setting_at(config_, run_.volume, done_.axes, at))
    settings.push_back(std::move(*setting));
}

GridPlace Search::configured_place() const {
  return done_.settings[done_.configured].at;
}

std::vector<GridPlace> Search::best(std::size_t count) const {
  std::vector<std::size_t> order(done_.settings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return done_.agreements[a].f1().value_or(0) > done_.agreements[b].f1().value_or(0);
  });
  std::set<GridPlace> seen;
  std::vector<GridPlace> places;
  for (const std::size_t n : order) {
    if (places.size() == count) break;
    GridPlace alike = done_.settings[n].at;
    for (std::size_t axis = 0; axis < alike.size(); ++axis)
      if (done_.axes[axis].key.starts_with("filter.max_")) alike[axis] = 0;
    if (seen.insert(alike).second) places.push_back(done_.settings[n].at);
  }
  return places;
}

/// Which value of an axis is configured.
std::size_t configured_value(const Config& config, const VolumeFacts& volume,
                             const std::vector<SettingAxis>& axes, std::size_t axis) {
  const SegmentSettings wanted = segment_settings(config, volume);
  for (std::size_t value = 0; value < axes[axis].values.size(); ++value) {
    const std::vector<SettingAxis> one{{axes[axis].key, {axes[axis].values[value]}}};
    const auto setting = setting_at(config, volume, one, {0});
    const bool same_distance = axes[axis].key != "components.split_distance_nm" ||
                               (setting && setting->settings.split.distance_nm == wanted.split.distance_nm);
    if (setting && same_objects(setting->settings, wanted) && same_distance) return value;
  }
  return 0;
}

void Search::judge_grid(const SearchSpace& space) {
  std::vector<GridSetting> settings;
  all_or_throw(comm_, [&] {
    std::vector<SettingAxis> axes = space.axes;
    done_.axes = space.axes;
    std::ranges::copy(space.split, std::back_inserter(done_.axes));
    check_axes(config_, done_.axes, "--sweep");
    GridPlace configured;
    for (std::size_t axis = 0; axis < done_.axes.size(); ++axis)
      configured.push_back(configured_value(config_, run_.volume, done_.axes, axis));
    for (const SettingAxis& axis : space.split) {
      const bool is_way = axis.key == "components.split";
      axes.push_back({axis.key, {is_way ? "none" : axis.values[configured[axes.size()]]}});
    }
    SettingsGrid grid = make_grid(config_, run_.volume, axes, "--sweep");
    done_.contradictory = grid.contradictory;
    add_at(configured, settings);
    for (GridSetting& setting : grid.settings) {
      for (std::size_t axis = space.axes.size(); axis < axes.size(); ++axis) {
        const auto& values = done_.axes[axis].values;
        setting.at[axis] = to_size(std::ranges::find(values, axes[axis].values.front()) - values.begin());
      }
      settings.push_back(std::move(setting));
    }
  });
  judge(settings);
}

void Search::judge_split(const SearchSpace& space) {
  if (space.split.empty()) return;
  const std::size_t way = space.axes.size(), distance = way + 1;
  std::vector<GridPlace> seeds{configured_place()};
  std::ranges::copy(best(split_seeds), std::back_inserter(seeds));
  std::vector<GridSetting> settings;
  for (const GridPlace& seed : seeds)
    for (std::size_t w = 0; w < done_.axes[way].values.size(); ++w) {
      GridPlace at = seed;
      at[way] = w;
      if (done_.axes[way].values[w] != "distance")
        add_at(at, settings);
      else
        for (at[distance] = 0; at[distance] < done_.axes[distance].values.size(); ++at[distance])
          add_at(at, settings);
    }
  judge(settings);
}

void Search::judge_around_best(const SearchSpace& space) {
  if (space.split.empty()) return;
  for (int round = 0; round < rounds_around_best; ++round) {
    const GridPlace centre = best(1).front();
    if (done_.axes[space.axes.size()].values[centre[space.axes.size()]] == "none") return;
    std::vector<GridSetting> settings;
    for (std::size_t axis = 0; axis < done_.axes.size(); ++axis) {
      GridPlace at = centre;
      for (at[axis] = 0; at[axis] < done_.axes[axis].values.size(); ++at[axis]) add_at(at, settings);
    }
    judge(settings);
  }
}

}  // namespace

JudgedSettings search_settings(const Communicator& comm, const Config& config, const StoredRun& run,
                               const SearchSpace& space, const SettingJudge& judge,
                               const std::stop_token& stop) {
  const Timer timer;
  Search search(comm, config, run, judge, stop);
  search.judge_grid(space);
  search.judge_split(space);
  search.judge_around_best(space);
  JudgedSettings done = std::move(search).take();
  done.seconds = timer.seconds();
  return done;
}

}  // namespace cleft
