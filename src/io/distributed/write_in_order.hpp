#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>

#include "base/box.hpp"
#include "io/h5/chunk_filters.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// A chunk and where it belongs.
struct PlacedChunk {
  GlobalVoxel begin{};  ///< its first voxel
  h5::PackedChunk packed;
};

/// The chunks that one rank adds to a file which rank 0 writes.
struct ChunkShare {
  std::int64_t count = 0;  ///< in the order in which they are to be written
  /// Makes one of them, 0 … count − 1. Several threads call it at once.
  std::function<PlacedChunk(std::int64_t)> make;
  std::size_t most_bytes = 1;  ///< that one can take, packed
};

/// What `write_in_order` may take on each rank.
struct PackingLimits {
  int threads = 1;
  std::size_t window_bytes = 0;  ///< of packed chunks that wait; one parcel is made whatever it takes
  std::int64_t parcel = 1;       ///< how many chunks go together from rank to rank, at least 1
};

/// Packs chunks on the threads of all ranks at once and has rank 0 write them, in an order that depends on
/// nothing else: all of rank 0, then all of rank 1, and so on, each in its own order. Compressing takes
/// nearly all of the time, and HDF5 would do it on one thread. Rank 0 asks for one parcel after the other;
/// meanwhile a rank packs until its window is full. Collective.
///
/// \param share  The rank's own.
/// \param write  Called on rank 0's main thread only, for one chunk after the other.
/// \param stop   Looked at for each parcel.
/// \throws CollectiveError on every rank when `make` or `write` failed on one; Stopped on every rank when one
///         was to stop. Some chunks are written then.
void write_in_order(const Communicator& comm, const ChunkShare& share, const PackingLimits& limits,
                    const std::function<void(const PlacedChunk&)>& write, const std::stop_token& stop = {});

}  // namespace cleft
