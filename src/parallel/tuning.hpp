#pragma once

#include <chrono>
#include <cstddef>

/// The constants that communication is tuned by. They decide how long a run takes, never what it finds.
/// Changes are judged by `tools/bench --only scaling`.
namespace cleft::tuning {

/// Longer transfers are cut into parts of this many bytes, since MPI counts elements in an int. Assumes that
/// one call per GiB costs nothing beside the transfer.
inline constexpr std::size_t transfer_part_bytes = std::size_t{1} << 30U;

/// How often rank 0 looks for requests of other ranks while it computes itself. Assumes that a block takes
/// seconds: then no rank waits noticeably for an answer, and the thread that computes on rank 0 is hardly
/// disturbed.
inline constexpr auto serving_interval = std::chrono::milliseconds(2);

}  // namespace cleft::tuning
