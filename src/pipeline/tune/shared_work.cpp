#include "pipeline/tune/shared_work.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// The element that satisfies `is_same`; where there is none, a new one at the end.
template <class T, class IsSame>
T& find_or_add(std::vector<T>& values, const IsSame& is_same, T otherwise) {
  const auto found = std::ranges::find_if(values, is_same);
  if (found != values.end()) return *found;
  values.push_back(std::move(otherwise));
  return values.back();
}

std::size_t level_of(const SharedLevels& levels, double ratio) {
  return to_size(std::ranges::lower_bound(levels.ratios, ratio) - levels.ratios.begin());
}

/// The levels of some settings, and who has them in common.
/// \param members  Which of the settings; all of one smoothing, background and connectivity.
void share_levels(std::span<const SegmentSettings> settings, std::span<const std::size_t> members,
                  SharedLevels& levels) {
  std::set<double> ratios;
  levels.least_size = settings[members.front()].rule.needed();
  for (const std::size_t n : members) {
    ratios.insert({settings[n].threshold.options.reference_ratio, settings[n].threshold.options.core_ratio});
    levels.least_size = std::min(levels.least_size, settings[n].rule.needed());
  }
  levels.ratios.assign(ratios.begin(), ratios.end());
  for (const std::size_t n : members) {
    const ThresholdOptions& options = settings[n].threshold.options;
    const std::size_t reference = level_of(levels, options.reference_ratio);
    const std::size_t core = level_of(levels, options.core_ratio);
    SharedReference& shared =
        find_or_add(levels.references, [&](const auto& r) { return r.level == reference; }, {reference, {}});
    find_or_add(shared.cores, [&](const auto& c) { return c.level == core; }, {core, {}})
        .settings.push_back(n);
  }
}

}  // namespace

std::vector<SharedSmoothing> shared_work(std::span<const SegmentSettings> settings) {
  std::vector<SharedSmoothing> shared;
  std::vector<std::vector<std::vector<std::size_t>>> members;  // [smoothing][levels]
  for (std::size_t n = 0; n < settings.size(); ++n) {
    const ThresholdSettings& threshold = settings[n].threshold;
    auto& smoothing =
        find_or_add(shared, [&](const auto& s) { return s.sigma == threshold.sigma; }, {threshold.sigma, {}});
    const auto s = to_size(&smoothing - shared.data());
    members.resize(shared.size());
    auto& levels = find_or_add(smoothing.levels,
                               [&](const SharedLevels& l) {
                                 return l.background == threshold.options.background &&
                                        l.connectivity == threshold.connectivity;
                               },
                               {threshold.options.background, threshold.connectivity, {}, {}, 0});
    const auto l = to_size(&levels - smoothing.levels.data());
    members[s].resize(smoothing.levels.size());
    members[s][l].push_back(n);
  }
  for (std::size_t s = 0; s < shared.size(); ++s)
    for (std::size_t l = 0; l < shared[s].levels.size(); ++l)
      share_levels(settings, members[s][l], shared[s].levels[l]);
  return shared;
}

}  // namespace cleft
