#include "pipeline/tune/settings_grid.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "config/key.hpp"
#include "config/load.hpp"

namespace cleft {
namespace {

/// The keys that decide which objects segment finds.
std::vector<std::string> keys_to_try() {
  std::vector<std::string> names;
  for (const Key& key : keys()) {
    const bool of_segment = key.name.starts_with("threshold.") || key.name.starts_with("components.") ||
                            key.name.starts_with("filter.");
    if (of_segment && key.affects == Affects::segment && !key.name.starts_with("filter.candidate"))
      names.push_back(key.name);
  }
  return names;
}

std::string without_spaces_around(const std::string& text) {
  const auto begin = text.find_first_not_of(' '), end = text.find_last_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

/// The values of a list with commas between them, but not within brackets.
std::vector<std::string> split_values(const std::string& list) {
  std::vector<std::string> values(1);
  int depth = 0;
  for (const char c : list) {
    depth += c == '[' ? 1 : c == ']' ? -1 : 0;
    if (c == ',' && depth == 0)
      values.emplace_back();
    else
      values.back() += c;
  }
  for (std::string& value : values) value = without_spaces_around(value);
  return values;
}

/// Checks each value by itself, so that a message names it and not a combination.
void check_values(const Config& config, const SettingAxis& axis, const std::string& option) {
  for (const std::string& value : axis.values) {
    if (value == as_configured) continue;
    Config alone = config;
    if (axis.key == "threshold.core_ratio") alone.threshold.reference_ratio = 0;
    if (axis.key == "threshold.reference_ratio") alone.threshold.core_ratio = 1e30;
    if (axis.key.starts_with("filter.")) alone.filter = {.min_size = 0, .max_size = std::int64_t{1} << 62};
    with_values(alone, std::vector{axis.key + "=" + value}, option);
  }
}

std::int64_t combinations(const std::vector<SettingAxis>& axes, const std::string& option) {
  std::int64_t count = 1;
  for (const SettingAxis& axis : axes) {
    count *= std::ssize(axis.values);
    if (count > max_settings)
      throw ConfigError({option, "asks for too many combinations", fmt::format("at most {}", max_settings)});
  }
  return count;
}

/// The nth combination, the last axis fastest.
GridPlace nth(const std::vector<SettingAxis>& axes, std::int64_t n) {
  GridPlace at(axes.size());
  for (std::size_t axis = axes.size(); axis-- > 0;) {
    const auto count = std::ssize(axes[axis].values);
    at[axis] = to_size(n % count);
    n /= count;
  }
  return at;
}

}  // namespace

std::vector<std::string> assignments_at(const std::vector<SettingAxis>& axes, const GridPlace& at) {
  std::vector<std::string> all;
  for (std::size_t axis = 0; axis < axes.size(); ++axis)
    if (const std::string& value = axes[axis].values[at[axis]]; value != as_configured)
      all.push_back(axes[axis].key + "=" + value);
  return all;
}

std::vector<std::string> SettingsGrid::values_of(std::size_t setting) const {
  std::vector<std::string> values;
  for (std::size_t axis = 0; axis < axes.size(); ++axis)
    values.push_back(axes[axis].values[settings[setting].at[axis]]);
  return values;
}

bool same_objects(const SegmentSettings& a, const SegmentSettings& b) {
  const auto& s = a.threshold;
  const auto& t = b.threshold;
  const bool same_split = a.split.by == b.split.by &&
                          (a.split.by != Split::distance || a.split.distance_nm == b.split.distance_nm);
  return s.sigma == t.sigma && s.options.core_ratio == t.options.core_ratio &&
         s.options.reference_ratio == t.options.reference_ratio &&
         s.options.background == t.options.background && s.connectivity == t.connectivity && same_split &&
         a.rule.bounds.min == b.rule.bounds.min && a.rule.bounds.max == b.rule.bounds.max;
}

SettingAxis parse_axis(const std::string& text, const std::string& option) {
  const std::size_t equals = text.find('=');
  const std::string subject = option + " " + printable(text);
  if (equals == std::string::npos || equals == 0)
    throw ConfigError(
        {subject, "no key and values", "a key with values, such as threshold.core_ratio=3,5,7"});
  SettingAxis axis{text.substr(0, equals), split_values(text.substr(equals + 1))};
  const auto known = keys_to_try();
  if (std::ranges::find(known, axis.key) == known.end())
    throw ConfigError({subject, fmt::format("the key {}", in_quotes(axis.key)),
                       fmt::format("one of {}", fmt::join(known, ", "))});
  if (std::ranges::any_of(axis.values, [](const std::string& value) { return value.empty(); }))
    throw ConfigError({subject, "an empty value", "values with commas between them"});
  if (std::set(axis.values.begin(), axis.values.end()).size() != axis.values.size())
    throw ConfigError({subject, "a value twice", "different values"});
  return axis;
}

std::optional<GridSetting> setting_at(const Config& config, const VolumeFacts& volume,
                                      const std::vector<SettingAxis>& axes, const GridPlace& at) {
  try {
    return GridSetting{at, segment_settings(with_values(config, assignments_at(axes, at), ""), volume)};
  } catch (const ConfigError&) {
    return std::nullopt;
  }
}

void check_axes(const Config& config, const std::vector<SettingAxis>& axes, const std::string& option) {
  std::set<std::string> seen;
  for (const SettingAxis& axis : axes) {
    if (!seen.insert(axis.key).second)
      throw ConfigError({option, fmt::format("{} is given twice", axis.key), "each key once"});
    check_values(config, axis, option);
  }
}

SettingsGrid make_grid(const Config& config, const VolumeFacts& volume, std::vector<SettingAxis> axes,
                       const std::string& option) {
  SettingsGrid grid{.axes = std::move(axes), .settings = {}, .contradictory = 0};
  check_axes(config, grid.axes, option);
  const std::int64_t count = combinations(grid.axes, option);
  for (std::int64_t n = 0; n < count; ++n) {
    if (auto setting = setting_at(config, volume, grid.axes, nth(grid.axes, n)))
      grid.settings.push_back(std::move(*setting));
    else
      ++grid.contradictory;
  }
  if (grid.settings.empty())  // says why
    segment_settings(with_values(config, assignments_at(grid.axes, nth(grid.axes, 0)), option), volume);
  return grid;
}

}  // namespace cleft
