#pragma once

#include <cstdint>

#include "blocks/block_plan.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

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
BlockMemory memory_for_blocks(const Communicator& comm, std::int64_t memory_per_rank);

}  // namespace cleft
