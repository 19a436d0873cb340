#include "objects/judge/compare.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "base/narrow.hpp"
#include "components/voxel_runs.hpp"
#include "objects/judge/near_pairs.hpp"

namespace cleft {
namespace {

/// Position of the object with this id.
/// \pre `objects` are in order of id, and one has this id.
std::size_t index_of(const std::vector<RunObject>& objects, std::uint64_t id) {
  const auto at =
      std::lower_bound(objects.begin(), objects.end(), id,
                       [](const RunObject& object, std::uint64_t value) { return object.id < value; });
  return to_size(at - objects.begin());
}

/// The runs at the beginning that lie in the same row as the first.
/// \pre Not empty.
std::span<const ObjectRun> first_row(std::span<const ObjectRun> runs) {
  std::size_t count = 1;
  while (count < runs.size() && runs[count].z == runs[0].z && runs[count].y == runs[0].y) ++count;
  return runs.first(count);
}

/// The pairs that satisfy the criterion.
std::vector<Candidate> admissible(const std::vector<RunObject>& detections,
                                  const std::vector<RunObject>& truths,
                                  const std::vector<Candidate>& overlaps, const MatchOptions& options,
                                  const VoxelSize& voxel) {
  if (options.criterion == MatchOptions::Criterion::centroid_distance)
    return near_pairs(detections, truths, overlaps, options.distance_nm, voxel);
  std::vector<Candidate> kept;
  std::copy_if(overlaps.begin(), overlaps.end(), std::back_inserter(kept), [&](const Candidate& c) {
    if (options.criterion == MatchOptions::Criterion::overlap) return c.overlap >= options.overlap_voxels;
    const std::int64_t all = detections[c.detection].size + truths[c.truth].size - c.overlap;
    return narrow<double>(c.overlap) / narrow<double>(all) >= options.iou;
  });
  return kept;
}

std::optional<double> share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return narrow<double>(part) / narrow<double>(whole);
}

/// The indices whose mark is 0.
std::vector<std::size_t> unmarked(const std::vector<char>& marks) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < marks.size(); ++i)
    if (marks[i] == 0) indices.push_back(i);
  return indices;
}

}  // namespace

std::optional<double> Agreement::precision() const {
  return share(matched, matched + false_found);
}

std::optional<double> Agreement::recall() const {
  return share(matched, matched + missed);
}

std::optional<double> Agreement::f1() const {
  return share(2 * matched, 2 * matched + false_found + missed);
}

Agreement Comparison::agreement() const {
  return {narrow<std::int64_t>(matches.size()), narrow<std::int64_t>(false_detections.size()),
          narrow<std::int64_t>(missed_truths.size())};
}

std::vector<Candidate> overlapping_pairs(std::span<const ObjectRun> detected_runs,
                                         std::span<const ObjectRun> truth_runs,
                                         const std::vector<RunObject>& detections,
                                         const std::vector<RunObject>& truths) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t> voxels;
  while (!detected_runs.empty() && !truth_runs.empty()) {
    const auto a = first_row(detected_runs), b = first_row(truth_runs);
    const auto row_a = std::tie(a[0].z, a[0].y), row_b = std::tie(b[0].z, b[0].y);
    if (row_a == row_b) {
      for_each_touching(a, b, 0, [&](std::size_t i, std::size_t j) {
        voxels[{a[i].object, b[j].object}] += std::min(a[i].end, b[j].end) - std::max(a[i].begin, b[j].begin);
      });
    }
    if (row_a <= row_b) detected_runs = detected_runs.subspan(a.size());
    if (row_b <= row_a) truth_runs = truth_runs.subspan(b.size());
  }
  std::vector<Candidate> pairs;
  for (const auto& [ids, count] : voxels)
    pairs.push_back({index_of(detections, ids.first), index_of(truths, ids.second), count, 0});
  return pairs;
}

Comparison compare_objects(const std::vector<RunObject>& detections, const std::vector<RunObject>& truths,
                           const std::vector<Candidate>& overlaps, const MatchOptions& options,
                           std::int64_t min_truth_size, const VoxelSize& voxel_size) {
  const auto ignored = [&](std::size_t truth) { return truths[truth].size < min_truth_size; };
  std::vector<char> explained(detections.size()), found(truths.size());
  Comparison result;
  result.excused.resize(detections.size());
  for (std::size_t t = 0; t < truths.size(); ++t) {
    if (!ignored(t)) continue;
    found[t] = 1;
    ++result.ignored_truths;
  }
  for (const Candidate& c : admissible(detections, truths, overlaps, options, voxel_size)) {
    if (ignored(c.truth)) {
      explained[c.detection] = 1;
      result.excused[c.detection] = true;
    } else {
      result.candidates.push_back(c);
    }
  }
  result.matches = match_one_to_one(detections.size(), truths.size(), result.candidates);
  for (const Candidate& match : result.matches) explained[match.detection] = found[match.truth] = 1;
  result.false_detections = unmarked(explained);
  result.missed_truths = unmarked(found);
  return result;
}

void set_apart_outside(Comparison& comparison, std::span<const Reach> detections,
                       std::span<const Reach> truths) {
  const auto move_outside = [](std::vector<std::size_t>& from, std::vector<std::size_t>& to,
                               std::span<const Reach> reach) {
    if (reach.empty()) return;
    const auto outside = [&](std::size_t i) { return reach[i].mostly_outside(); };
    std::ranges::copy_if(from, std::back_inserter(to), outside);
    std::erase_if(from, outside);
  };
  move_outside(comparison.false_detections, comparison.not_judged_detections, detections);
  move_outside(comparison.missed_truths, comparison.not_judged_truths, truths);
  for (const Candidate& match : comparison.matches)
    comparison.matched_truths_outside += !truths.empty() && truths[match.truth].mostly_outside() ? 1 : 0;
}

}  // namespace cleft
