#include "pipeline/tune/tuned_config.hpp"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/show.hpp"

namespace cleft {
namespace {

/// Whether a shown value means that the key has none: "none" is a value of components.split.
bool is_not_given(const std::string& key, const std::string& value) {
  return value == "none" && key != "components.split";
}

}  // namespace

std::vector<ChangedValue> changed_values(const Config& before, const Config& now) {
  std::vector<ChangedValue> changes;
  for (const std::string& key : differing_keys(before, now, MayDiffer::how_it_runs)) {
    const std::string value = shown_value(now, key);
    if (!is_not_given(key, value)) changes.push_back({key, shown_value(before, key), value});
  }
  return changes;
}

std::string changes_text(const std::vector<ChangedValue>& changes) {
  std::vector<std::string> texts;
  for (const auto& [key, before, now] : changes)
    texts.push_back(is_not_given(key, before) ? fmt::format("{} {} (not given before)", key, now)
                                              : fmt::format("{} {} -> {}", key, before, now));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string tuned_config_text(const Config& configured, const Config& tuned, const std::string& why) {
  std::map<std::string, std::string> remarks;
  for (const auto& [key, before, now] : changed_values(configured, tuned)) {
    const std::string where = configured.given_at.contains(key) ? configured.given_at.at(key)
                                                                : "not given in " + configured.file.string();
    remarks[key] = is_not_given(key, before)
                       ? fmt::format("chosen by cleft tune; {}", where)
                       : fmt::format("chosen by cleft tune; it was {} ({})", before, where);
  }
  return show_run_config(tuned, {"Made by cleft tune from " + configured.file.string() + ".", why}, remarks);
}

}  // namespace cleft
