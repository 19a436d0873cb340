#include "objects/judge/evidence.hpp"

#include <algorithm>
#include <tuple>

#include "base/narrow.hpp"
#include "components/voxel_runs.hpp"

namespace cleft {
namespace {

std::span<const ObjectRun> first_row(std::span<const ObjectRun> runs) {
  std::size_t count = 1;
  while (count < runs.size() && runs[count].z == runs[0].z && runs[count].y == runs[0].y) ++count;
  return runs.first(count);
}

/// Calls visit(run, begin, end) for what of the runs lies in others.
template <class Visit>
void for_each_common(std::span<const ObjectRun> runs, std::span<const ObjectRun> others, const Visit& visit) {
  while (!runs.empty() && !others.empty()) {
    const auto a = first_row(runs), b = first_row(others);
    const auto row_a = std::tie(a[0].z, a[0].y), row_b = std::tie(b[0].z, b[0].y);
    if (row_a == row_b) {
      for_each_touching(a, b, 0, [&](std::size_t i, std::size_t j) {
        visit(a[i], std::max(a[i].begin, b[j].begin), std::min(a[i].end, b[j].end));
      });
    }
    if (row_a <= row_b) runs = runs.subspan(a.size());
    if (row_b <= row_a) others = others.subspan(b.size());
  }
}

void add_known(ObjectEvidence& evidence, const ObjectRun& run, std::int64_t begin, std::int64_t end) {
  const std::int64_t length = end - begin;
  evidence.known += length;
  evidence.z += run.z * length;
  evidence.y += run.y * length;
  evidence.twice_x += (begin + end - 1) * length;
}

}  // namespace

void ObjectEvidence::add(const ObjectEvidence& other) {
  judged += other.judged;
  known += other.known;
  z += other.z;
  y += other.y;
  twice_x += other.twice_x;
}

std::vector<ObjectEvidence> evidence_of(std::span<const ObjectRun> runs, std::size_t objects,
                                        const KnownVoxels& known) {
  std::vector<ObjectEvidence> evidence(objects);
  for_each_common(runs, known.judged, [&](const ObjectRun& run, std::int64_t begin, std::int64_t end) {
    evidence[to_size(run.object)].judged += end - begin;
    add_known(evidence[to_size(run.object)], run, begin, end);
  });
  for_each_common(runs, known.beyond, [&](const ObjectRun& run, std::int64_t begin, std::int64_t end) {
    add_known(evidence[to_size(run.object)], run, begin, end);
  });
  return evidence;
}

std::vector<TruthContact> joined(std::vector<TruthContact> contacts) {
  std::ranges::sort(contacts, {}, [](const TruthContact& c) { return std::tuple(c.object, c.truth); });
  std::vector<TruthContact> all;
  for (const TruthContact& contact : contacts) {
    if (all.empty() || all.back().object != contact.object || all.back().truth != contact.truth) {
      all.push_back(contact);
      continue;
    }
    all.back().overlap += contact.overlap;
    all.back().distance_nm = std::min(all.back().distance_nm, contact.distance_nm);
  }
  return all;
}

PerAxis<double> centroid_of(const ObjectEvidence& evidence) {
  const auto size = narrow<double>(evidence.known);
  return {narrow<double>(evidence.z) / size, narrow<double>(evidence.y) / size,
          narrow<double>(evidence.twice_x) / 2 / size};
}

}  // namespace cleft
