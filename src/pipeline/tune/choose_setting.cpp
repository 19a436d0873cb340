#include "pipeline/tune/choose_setting.hpp"

#include <algorithm>
#include <map>
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
                      std::size_t configured, const BootstrapOptions& bootstrap) {
  IndexByPlace index_of;
  for (std::size_t n = 0; n < settings.size(); ++n) index_of.emplace(settings[n].at, n);
  Choice choice;
  for (const Agreement& agreement : agreements) choice.best_f1 = std::max(choice.best_f1, f1_of(agreement));
  std::tuple<double, std::ptrdiff_t> best{-1, 0};
  for (std::size_t n = 0; n < settings.size(); ++n) {
    if (f1_of(agreements[n]) < choice.best_f1) continue;
    const std::tuple rank{f1_around(index_of, settings[n].at, agreements, choice.best_f1),
                          -differing(settings[n].at, settings[configured].at)};
    if (rank > best) {
      best = rank;
      choice.best = n;
    }
  }
  choice.configured_f1 = f1_of(agreements[configured]);
  choice.standard_error = std::max(f1_standard_error(agreements[choice.best], bootstrap),
                                   f1_standard_error(agreements[configured], bootstrap));
  choice.keeps_configured = choice.best_f1 - choice.configured_f1 <= choice.standard_error;
  return choice;
}

}  // namespace cleft
