#include "objects/judge/whole_objects.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/narrow.hpp"
#include "components/union_find.hpp"
#include "components/voxel_runs.hpp"

namespace cleft {
namespace {

bool is_before(const ObjectRun& a, const ObjectRun& b) {
  return std::tie(a.z, a.y, a.begin) < std::tie(b.z, b.y, b.begin);
}

/// Walks through runs in step with runs that lie in them.
class Holder {
 public:
  explicit Holder(std::span<const ObjectRun> runs) : runs_(runs) {}
  /// Index of the run that holds `part`.
  /// \pre There is one, and it is not before that of the call before.
  std::size_t operator()(const ObjectRun& part) {
    while (at_ + 1 < runs_.size() && !is_before(part, runs_[at_ + 1])) ++at_;
    return at_;
  }

 private:
  std::span<const ObjectRun> runs_;
  std::size_t at_ = 0;
};

/// [run] the component of the mask that it is of.
std::vector<std::uint64_t> components_of_mask(std::vector<ObjectRun> runs, const OneObject& rule) {
  const auto& begin = rule.limits.begin;
  for (ObjectRun& run : runs) {
    run.y -= begin.y;
    run.begin -= begin.x;
    run.end -= begin.x;
  }
  number_components(runs, rule.bridge, rule.limits.extent());
  std::vector<std::uint64_t> components;
  components.reserve(runs.size());
  for (const ObjectRun& run : runs) components.push_back(run.object);
  return components;
}

std::vector<std::uint64_t> components_of(const SideRuns& side, const OneObject& rule) {
  return rule.by_value ? components_of_one_value(side.whole) : components_of_mask(side.whole, rule);
}

}  // namespace

std::vector<std::uint64_t> components_of_one_value(std::span<const ObjectRun> runs) {
  UnionFind<std::uint64_t> sets(runs.size());
  const auto unite = [&](std::span<const ObjectRun> row, std::int64_t z, std::int64_t y) {
    // Runs of two values may adjoin, so that one of a row may end where the next one begins: each is looked
    // for in the other row by itself.
    const auto other = row_of(runs, z, y);
    const auto first = to_size(row.data() - runs.data()), other_first = to_size(other.data() - runs.data());
    std::size_t from = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      while (from < other.size() && other[from].end < row[i].begin) ++from;
      for (std::size_t j = from; j < other.size() && other[j].begin <= row[i].end; ++j)
        if (other[j].object == row[i].object) sets.unite(first + i, other_first + j);
    }
  };
  for (std::size_t begin = 0; begin < runs.size();) {
    const auto row = row_of(runs.subspan(begin), runs[begin].z, runs[begin].y);
    const ObjectRun& at = row.front();
    unite(row, at.z, at.y - 1);
    for (const std::int64_t dy : {-1, 0, 1}) unite(row, at.z - 1, at.y + dy);
    begin += row.size();
  }
  std::vector<std::uint64_t> components(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) components[i] = sets.find(i);
  return components;
}

std::vector<bool> has_judged_voxels(const SideRuns& side, const OneObject& rule) {
  const auto components = components_of(side, rule);
  std::unordered_set<std::uint64_t> judged;
  Holder holder(side.whole);
  for (const ObjectRun& run : side.judged) judged.insert(components[holder(run)]);
  std::vector<bool> marks;
  marks.reserve(components.size());
  for (const std::uint64_t component : components) marks.push_back(judged.contains(component));
  return marks;
}

void keep_judged_objects(SideRuns& side, const OneObject& rule) {
  const auto components = components_of(side, rule);
  // The object of each component that has a voxel in what is judged.
  std::unordered_map<std::uint64_t, std::uint64_t> objects;
  Holder of_judged(side.whole);
  for (ObjectRun& run : side.judged) {
    const std::uint64_t number = rule.by_value ? run.object : objects.size() + 1;
    run.object = objects.emplace(components[of_judged(run)], number).first->second;
  }
  constexpr std::uint64_t none = 0;
  const auto object_of = [&](std::uint64_t component) {
    const auto found = objects.find(component);
    return found == objects.end() ? none : found->second;
  };
  Holder of_beyond(side.whole);
  for (ObjectRun& run : side.beyond) run.object = object_of(components[of_beyond(run)]);
  for (std::size_t i = 0; i < side.whole.size(); ++i) side.whole[i].object = object_of(components[i]);
  for (auto* runs : {&side.beyond, &side.whole})
    std::erase_if(*runs, [](const ObjectRun& run) { return run.object == none; });
}

std::vector<Reach> reach_of(const SideRuns& side) {
  std::map<std::uint64_t, Reach> by_id;
  for (const ObjectRun& run : side.whole) by_id[run.object].whole += run.end - run.begin;
  for (const ObjectRun& run : side.judged) by_id[run.object].judged += run.end - run.begin;
  std::vector<Reach> reach;
  reach.reserve(by_id.size());
  for (const auto& [id, r] : by_id) reach.push_back(r);
  return reach;
}

std::vector<ObjectRun> known_runs(SideRuns&& side) {
  std::vector<ObjectRun> known = std::move(side.judged);
  if (side.beyond.empty()) return known;
  known.insert(known.end(), side.beyond.begin(), side.beyond.end());
  join_pieces(known);
  return known;
}

void join_pieces(std::vector<ObjectRun>& runs) {
  std::ranges::sort(runs, is_before);
  std::size_t kept = 0;
  for (const ObjectRun& run : runs) {
    if (kept > 0) {
      ObjectRun& last = runs[kept - 1];
      const bool joins =
          last.z == run.z && last.y == run.y && last.object == run.object && run.begin <= last.end;
      if (joins) {
        last.end = std::max(last.end, run.end);
        continue;
      }
    }
    runs[kept++] = run;
  }
  runs.resize(kept);
}

}  // namespace cleft
