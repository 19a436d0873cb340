#pragma once

#include <cstdint>

#include "base/narrow.hpp"

namespace cleft {

/// How many voxels some runs along x have.
/// \param runs  A range of anything with members begin and end.
template <class Runs>
std::int64_t count_voxels(const Runs& runs) {
  std::int64_t voxels = 0;
  for (const auto& run : runs) voxels += narrow<std::int64_t>(run.end - run.begin);
  return voxels;
}

}  // namespace cleft
