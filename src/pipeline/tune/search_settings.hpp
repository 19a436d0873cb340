#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "config/config.hpp"
#include "objects/judge/compare.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/settings_grid.hpp"
#include "pipeline/tune/stored_run.hpp"

namespace cleft {

/// The settings that were judged, in the order in which that was done.
struct JudgedSettings {
  std::vector<SettingAxis> axes;
  std::vector<GridSetting> settings;
  std::vector<Agreement> agreements;       ///< [setting]
  SettingOutcomes outcomes;                ///< on rank 0
  std::size_t configured = 0;              ///< which of them is the configuration's own
  std::int64_t contradictory = 0;          ///< combinations left out
  std::int64_t smoothings = 0, masks = 0;  ///< that were made and labelled for all of them
  double seconds = 0;
};

/// What is searched: all combinations of `axes`. Where `split` is not empty, components are whole in these,
/// and ways of splitting are tried on the best of them and on the configured setting only, since each is
/// work of its own; around the best that is split, the other axes' values are then tried one by one.
struct SearchSpace {
  std::vector<SettingAxis> axes;
  std::vector<SettingAxis> split;  ///< components.split and components.split_distance_nm, or none
};

/// Judges settings, the configured one among them. Collective over `comm`.
/// \param space  The same on every rank; the configured value is on each axis (axes_to_tune).
/// \throws CollectiveError on every rank, as judge_settings and make_grid; Stopped.
JudgedSettings search_settings(const Communicator& comm, const Config& config, const StoredRun& run,
                               const SearchSpace& space, const SettingJudge& judge,
                               const std::stop_token& stop = {});

}  // namespace cleft
