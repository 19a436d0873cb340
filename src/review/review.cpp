#include "review/review.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

std::vector<std::uint64_t> synapses_of(const std::vector<Synapse>& table) {
  std::vector<std::uint64_t> ids;
  for (const Synapse& row : table)
    if (row.accepted != 0) ids.push_back(row.id);
  std::ranges::sort(ids);
  return ids;
}

std::string shown(Verdict verdict, const std::string& name) {
  return fmt::format("{} in {}", to_string(verdict), name);
}

void merge_verdicts(std::span<const Review> reviews, MergedReview& merged) {
  std::set<std::uint64_t> contested;
  for (const Review& review : reviews)
    for (const auto& [id, verdict] : review.verdicts) {
      const auto [at, is_new] = merged.verdicts.try_emplace(id, verdict);
      if (!is_new && at->second != verdict) contested.insert(id);
    }
  for (const std::uint64_t id : contested) {
    Conflict conflict{.id = id, .said = {}};
    for (const Review& review : reviews)
      if (const auto at = review.verdicts.find(id); at != review.verdicts.end())
        conflict.said += (conflict.said.empty() ? "" : ", ") + shown(at->second, review.name);
    merged.conflicts.push_back(std::move(conflict));
    merged.verdicts[id] = Verdict::unsure;
  }
}

bool are_near(const GlobalVoxel& a, const GlobalVoxel& b, const std::optional<VoxelSize>& voxel_size) {
  if (!voxel_size) return a == b;
  const Extent apart = a - b;
  double squared = 0;
  for (int axis = 0; axis < 3; ++axis) {
    const double nm = narrow<double>(apart[axis]) * (*voxel_size)[axis];
    squared += nm * nm;
  }
  return squared <= one_mark_nm * one_mark_nm;
}

/// Marks by the z that they lie at, so that only those are compared that may be near.
class Marks {
 public:
  explicit Marks(const std::optional<VoxelSize>& voxel_size) : voxel_size_(voxel_size) {
    if (voxel_size) reach_ = static_cast<std::int64_t>(std::min(one_mark_nm / voxel_size->z, 1e9)) + 1;
  }
  bool has_near(const GlobalVoxel& place) const {
    const auto end = by_z_.upper_bound(place.z + reach_);
    for (auto at = by_z_.lower_bound(place.z - reach_); at != end; ++at)
      if (are_near(at->second, place, voxel_size_)) return true;
    return false;
  }
  void add(const std::set<GlobalVoxel>& places) {
    for (const GlobalVoxel& place : places) by_z_.emplace(place.z, place);
  }
  std::vector<GlobalVoxel> all() const {
    std::vector<GlobalVoxel> places;
    for (const auto& [z, place] : by_z_) places.push_back(place);
    std::ranges::sort(places);
    return places;
  }

 private:
  std::optional<VoxelSize> voxel_size_;
  std::int64_t reach_ = 0;
  std::multimap<std::int64_t, GlobalVoxel> by_z_;
};

void merge_missed(std::span<const Review> reviews, const std::optional<VoxelSize>& voxel_size,
                  MergedReview& merged) {
  Marks marks(voxel_size);
  for (const Review& review : reviews) {
    std::set<GlobalVoxel> places(review.missed.begin(), review.missed.end());
    merged.missed_by_several += narrow<std::int64_t>(
        std::erase_if(places, [&](const GlobalVoxel& place) { return marks.has_near(place); }));
    marks.add(places);
  }
  merged.missed = marks.all();
}

/// The synapses among the chosen of a review, where these are all of them or a random sample.
std::optional<std::vector<std::uint64_t>> fair_sample(const Review& review,
                                                      const std::vector<std::uint64_t>& synapses) {
  std::vector<std::uint64_t> chosen;
  std::ranges::set_intersection(review.chosen, synapses, std::back_inserter(chosen));
  const bool is_fair = review.how == ChooseBy::sample || chosen.size() == synapses.size();
  return is_fair ? std::optional(chosen) : std::nullopt;
}

void merge_samples(std::span<const Review> reviews, const std::vector<Synapse>& table, MergedReview& merged) {
  const auto synapses = synapses_of(table);
  for (const Review& review : reviews) {
    const auto sample = fair_sample(review, synapses);
    if (!sample) {
      merged.why_no_sample = fmt::format("the {} objects with pictures were the {}", review.chosen.size(),
                                         to_string(review.how));
      continue;
    }
    std::vector<std::uint64_t> both;
    std::ranges::set_union(merged.sample.value_or(std::vector<std::uint64_t>{}), *sample,
                           std::back_inserter(both));
    merged.sample = std::move(both);
  }
  if (merged.sample) merged.why_no_sample.clear();
}

}  // namespace

std::optional<Verdict> MergedReview::of(std::uint64_t id) const {
  const auto at = verdicts.find(id);
  return at == verdicts.end() ? std::nullopt : std::optional(at->second);
}

MergedReview merge_reviews(std::span<const Review> reviews, const std::vector<Synapse>& table,
                           const std::optional<VoxelSize>& voxel_size) {
  MergedReview merged;
  merge_verdicts(reviews, merged);
  merge_missed(reviews, voxel_size, merged);
  merge_samples(reviews, table, merged);
  return merged;
}

}  // namespace cleft
