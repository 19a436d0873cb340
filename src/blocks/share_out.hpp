#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cleft {

/// Shares out pieces of work of known size, so that all ranks finish about as soon: the largest first, each
/// to the rank that has least so far (of equal ones the lowest). No rank gets more than 4/3 of what the best
/// of all ways would give the one that has most (Graham 1969, "Bounds on multiprocessing timing anomalies").
/// Not collective.
/// \param costs  Of each piece, not negative; in any unit.
/// \returns      [rank] the pieces it gets, the largest first (of equal ones the first).
std::vector<std::vector<std::size_t>> share_out(std::span<const std::int64_t> costs, int ranks);

}  // namespace cleft
