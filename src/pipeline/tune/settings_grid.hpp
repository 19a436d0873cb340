#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "pipeline/run/segment_settings.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

/// Stands among the values of a key for leaving it as the configuration has it, where that states another
/// key instead (threshold.sigma in place of threshold.sigma_nm).
inline constexpr auto as_configured = "as configured";

/// The values of one key that are tried.
struct SettingAxis {
  std::string key;                  ///< "threshold.core_ratio"
  std::vector<std::string> values;  ///< as the configuration writes them

  friend bool operator==(const SettingAxis&, const SettingAxis&) = default;
};

/// A combination of values: [axis] which of its values.
using GridPlace = std::vector<std::size_t>;

struct GridSetting {
  GridPlace at;
  SegmentSettings settings;
};

/// "key=value" of every axis that is not as_configured.
std::vector<std::string> assignments_at(const std::vector<SettingAxis>& axes, const GridPlace& at);

/// All combinations of the axes' values that make sense, the last axis fastest.
struct SettingsGrid {
  std::vector<SettingAxis> axes;
  std::vector<GridSetting> settings;
  std::int64_t contradictory = 0;  ///< combinations left out, such as a core_ratio below reference_ratio

  /// [axis] the values of a setting.
  std::vector<std::string> values_of(std::size_t setting) const;
};

/// The most combinations of a grid.
inline constexpr std::int64_t max_settings = 1'000'000;

/// "threshold.core_ratio=3,5,[…]"; commas in brackets belong to a value. Not collective.
/// \param option  Where it was given, for messages: "--sweep".
/// \throws ConfigError when it is not of this form, or the key is none of those of threshold, filter and
///         components that decide which objects segment finds.
SettingAxis parse_axis(const std::string& text, const std::string& option);

/// Whether two settings of segment find the same objects, whatever their candidates.
bool same_objects(const SegmentSettings& a, const SegmentSettings& b);

/// The settings at a place; nothing where its values contradict each other. Not collective.
/// \pre check_axes
std::optional<GridSetting> setting_at(const Config& config, const VolumeFacts& volume,
                                      const std::vector<SettingAxis>& axes, const GridPlace& at);

/// Checks that every value is one of its key's, and that keys are different. Not collective.
/// \throws ConfigError
void check_axes(const Config& config, const std::vector<SettingAxis>& axes, const std::string& option);

/// Not collective.
/// \param axes    Each key once; the later of two that stand for each other counts (threshold.sigma_nm, then
///                threshold.sigma).
/// \param option  As above.
/// \throws ConfigError when a value is none of its key's, when the combinations are too many, or when all of
///         them contradict themselves.
SettingsGrid make_grid(const Config& config, const VolumeFacts& volume, std::vector<SettingAxis> axes,
                       const std::string& option);

}  // namespace cleft
