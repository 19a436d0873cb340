#pragma once

#include <cstdint>

namespace cleft {

/// Bytes of memory that this process holds now.
std::int64_t resident_bytes();
/// The largest number of bytes that it has held so far.
std::int64_t peak_resident_bytes();

/// From now on the memory of large arrays goes back to the system when they are freed, so that
/// resident_bytes() is what is in use. Without it the C library keeps most of what a stage freed, in pieces
/// that the next stage's arrays do not fit. Call it once, at the program's start.
void return_large_arrays();
/// Gives freed memory of small arrays back to the system, as far as the C library can.
void return_small_arrays();

}  // namespace cleft
