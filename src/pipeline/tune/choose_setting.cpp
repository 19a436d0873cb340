#include "pipeline/tune/choose_setting.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "base/narrow.hpp"

namespace cleft {
namespace {

double f1_of(const Agreement& agreement) {
  return agreement.f1().value_or(0);
}

using IndexByPlace = std::map<GridPlace, std::size_t>;

/// The mean F1 of a setting's neighbours on the grid; its own where it has none.
double f1_around(const IndexByPlace& index_of, const GridPlace& at, std::span<const Agreement> agreements,
                 double own) {
  double sum = 0;
  int count = 0;
  const auto add = [&](const GridPlace& place) {
    const auto found = index_of.find(place);
    if (found == index_of.end()) return;
    sum += f1_of(agreements[found->second]);
    ++count;
  };
  for (std::size_t axis = 0; axis < at.size(); ++axis) {
    GridPlace next = at;
    ++next[axis];
    add(next);
    if (at[axis] == 0) continue;
    next[axis] = at[axis] - 1;
    add(next);
  }
  return count == 0 ? own : sum / count;
}

std::ptrdiff_t differing(const GridPlace& a, const GridPlace& b) {
  std::ptrdiff_t count = 0;
  for (std::size_t axis = 0; axis < a.size(); ++axis) count += a[axis] != b[axis] ? 1 : 0;
  return count;
}

}  // namespace

Choice choose_setting(std::span<const GridSetting> settings, std::span<const Agreement> agreements,
                      const SettingOutcomes& outcomes, std::size_t configured,
                      const BootstrapOptions& bootstrap) {
  constexpr double rounding = 1e-9;
  IndexByPlace index_of;
  for (std::size_t n = 0; n < settings.size(); ++n) index_of.emplace(settings[n].at, n);
  double highest = 0;
  for (const Agreement& agreement : agreements) highest = std::max(highest, f1_of(agreement));
  Choice choice;
  std::optional<std::tuple<std::ptrdiff_t, double>> best;
  for (std::size_t n = 0; n < settings.size(); ++n) {
    if (f1_of(agreements[n]) < highest - rounding) continue;
    const std::tuple rank{-differing(settings[n].at, settings[configured].at),
                          f1_around(index_of, settings[n].at, agreements, highest)};
    if (best && rank <= *best) continue;
    best = rank;
    choice.best = n;
  }
  choice.best_f1 = f1_of(agreements[choice.best]);
  choice.configured_f1 = f1_of(agreements[configured]);
  choice.bias =
      selection_bias(outcomes.table, outcomes.rows[configured], outcomes.rows[choice.best], bootstrap);
  const bool is_gained = choice.gain() > 0 && choice.gain() > choice.bias.standard_error;
  choice.keeps_configured = !is_gained || choice.bias.chance > most_chance;
  return choice;
}

}  // namespace cleft
