#pragma once

#include <cstdint>

#include "parallel/communicator.hpp"

namespace cleft {

/// So many blocks for every rank, where the volume is large enough, keep all ranks busy to the end.
inline constexpr std::int64_t blocks_per_rank = 4;

/// Bytes this process holds in memory now.
std::int64_t resident_bytes();
/// The most it has held so far.
std::int64_t peak_resident_bytes();

/// From now on memory of large arrays goes back to the system when they are freed, so that resident_bytes()
/// is what is in use. Without it the C library keeps most of what a stage freed, in pieces that the next
/// stage's arrays do not fit. Call once, at the program's start.
void return_large_arrays();

/// What is left of a rank's memory: all of it but what the process holds already and what the libraries take
/// in passing. The same on every rank, namely what the fullest has left, so that all plan alike. Collective
/// over `comm`.
///
/// \param memory_per_rank  run.memory_per_rank, in bytes.
/// \returns                May be negative.
std::int64_t memory_left(const Communicator& comm, std::int64_t memory_per_rank);

/// Of memory_left, what working on one block may take where blocks are planned: not the share for what is
/// kept from block to block. Collective over `comm`.
std::int64_t block_budget(const Communicator& comm, std::int64_t memory_per_rank);

}  // namespace cleft
