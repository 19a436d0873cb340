#include "review/thin_labels.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/narrow.hpp"
#include "base/random.hpp"

namespace cleft {
namespace {

std::uint64_t chance_of(const GlobalVoxel& voxel, std::uint64_t seed) {
  std::uint64_t mixed = mix_bits(seed);
  for (const std::int64_t at : {voxel.z, voxel.y, voxel.x})
    mixed = mix_bits(mixed ^ static_cast<std::uint64_t>(at));
  return mixed;
}

}  // namespace

ObjectDraw::ObjectDraw(std::int64_t most, std::uint64_t seed) : most_(to_size(most)), seed_(seed) {}

void ObjectDraw::add(const GlobalVoxel& voxel) {
  voxels_.push_back({0, chance_of(voxel, seed_), voxel});
  if (voxels_.size() >= 2 * most_) keep_most();
}

void ObjectDraw::keep_most() {
  std::ranges::sort(voxels_);
  voxels_.resize(std::min(voxels_.size(), most_));
}

std::vector<DrawnVoxel> ObjectDraw::drawn() && {
  keep_most();
  for (std::size_t i = 0; i < voxels_.size(); ++i) voxels_[i].turn = narrow<std::int64_t>(i);
  return std::move(voxels_);
}

ClassDraw::ClassDraw(std::int64_t most) : most_(to_size(most)) {}

void ClassDraw::add(std::span<const DrawnVoxel> object) {
  voxels_.insert(voxels_.end(), object.begin(), object.end());
  if (voxels_.size() >= 2 * most_) keep_most();
}

void ClassDraw::keep_most() {
  std::ranges::sort(voxels_);
  std::set<GlobalVoxel> seen;
  std::erase_if(voxels_, [&](const DrawnVoxel& drawn) { return !seen.insert(drawn.voxel).second; });
  voxels_.resize(std::min(voxels_.size(), most_));
}

std::vector<DrawnVoxel> ClassDraw::drawn() && {
  keep_most();
  return std::move(voxels_);
}

std::int64_t fair_limit(std::span<const std::int64_t> counts, std::int64_t most) {
  std::int64_t rarest = most;
  for (const std::int64_t count : counts)
    if (count > 0) rarest = std::min(rarest, count);
  return std::min(most, std::max(rarest, least_of_class));
}

}  // namespace cleft
