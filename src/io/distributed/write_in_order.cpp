#include "io/distributed/write_in_order.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

// From rank 0 to another: the next parcel, please; or that was all, whether it was or not. Every rank but 0
// is told once that it was all.
constexpr int request_tag = 4;
constexpr std::int64_t next_parcel = 0;
constexpr std::int64_t that_was_all = 1;
// The answer to a request for a parcel: its bytes, sent after their number, or one of these.
constexpr int length_tag = 5;
constexpr int parcel_tag = 6;
constexpr std::int64_t nothing_left = 0;
constexpr std::int64_t has_failed = -1;

using Parcel = std::vector<PlacedChunk>;

/// How a chunk stands in a message: these numbers, then its bytes.
using Header = std::array<std::int64_t, 5>;  // z, y, x, mask of skipped filters, number of bytes

std::vector<std::byte> message_of(const Parcel& parcel) {
  std::vector<std::byte> message;
  for (const PlacedChunk& chunk : parcel) {
    const Header header{chunk.begin.z, chunk.begin.y, chunk.begin.x, chunk.packed.skipped,
                        narrow<std::int64_t>(chunk.packed.bytes.size())};
    const auto bytes = std::as_bytes(std::span(header));
    message.insert(message.end(), bytes.begin(), bytes.end());
    message.insert(message.end(), chunk.packed.bytes.begin(), chunk.packed.bytes.end());
  }
  return message;
}

Parcel parcel_of(std::span<const std::byte> message) {
  Parcel parcel;
  while (!message.empty()) {
    Header header{};
    std::memcpy(header.data(), message.data(), sizeof header);
    message = message.subspan(sizeof header);
    const auto bytes = message.first(to_size(header[4]));
    message = message.subspan(bytes.size());
    parcel.push_back({.begin = {header[0], header[1], header[2]},
                      .packed = {.skipped = narrow<std::uint32_t>(header[3]),
                                 .bytes = std::vector(bytes.begin(), bytes.end())}});
  }
  return parcel;
}

/// This rank's chunks on their way: packed parcel by parcel, and held until somebody takes them.
class Packing {
 public:
  Packing(const ChunkShare& share, const PackingLimits& limits) : share_(share), limits_(limits) {}

  bool all_taken() const { return next_ == share_.count && parcels_.empty(); }
  /// Whether another parcel can be packed before one is taken: it fits even if nothing can be compressed.
  bool can_pack() const {
    if (next_ == share_.count) return false;
    return parcels_.empty() ||
           held_bytes_ + to_size(next_count()) * share_.most_bytes <= limits_.window_bytes;
  }
  void pack() {
    Parcel parcel(to_size(next_count()));
    run_on_threads(next_count(), limits_.threads,
                   [&](std::int64_t n) { parcel[to_size(n)] = share_.make(next_ + n); });
    next_ += next_count();
    held_bytes_ += bytes_of(parcel);
    parcels_.push_back(std::move(parcel));
  }
  /// \pre !all_taken()
  Parcel take() {
    if (parcels_.empty()) pack();
    Parcel parcel = std::move(parcels_.front());
    parcels_.pop_front();
    held_bytes_ -= bytes_of(parcel);
    return parcel;
  }

 private:
  std::int64_t next_count() const { return std::min(limits_.parcel, share_.count - next_); }
  static std::size_t bytes_of(const Parcel& parcel) {
    std::size_t bytes = 0;
    for (const PlacedChunk& chunk : parcel) bytes += chunk.packed.bytes.size();
    return bytes;
  }

  const ChunkShare& share_;
  const PackingLimits& limits_;
  std::int64_t next_ = 0;  // that is packed
  std::deque<Parcel> parcels_;
  std::size_t held_bytes_ = 0;
};

/// Calls `work` unless there is a failure already, and notes its failure.
template <class Work>
void attempt(std::exception_ptr& failure, const Work& work) {
  if (failure) return;
  try {
    work();
  } catch (...) {
    failure = std::current_exception();
  }
}

/// Of a rank other than 0: packs ahead, and gives rank 0 what it asks for until it asks no more.
/// \returns What failed.
std::exception_ptr give(const Communicator& comm, Packing& packing, const std::stop_token& stop) {
  std::exception_ptr failure;
  for (;;) {
    if (!failure && packing.can_pack() && comm.waiting_sender(request_tag) < 0) {
      attempt(failure, [&] {
        throw_if_stopped(stop);
        packing.pack();
      });
      continue;
    }
    if (comm.receive(0, request_tag) == that_was_all) return failure;
    std::vector<std::byte> message;
    attempt(failure, [&] {
      throw_if_stopped(stop);
      if (!packing.all_taken()) message = message_of(packing.take());
    });
    comm.send(failure ? has_failed : narrow<std::int64_t>(message.size()), 0, length_tag);
    if (!failure) comm.send_bytes(message, 0, parcel_tag);
  }
}

/// Of rank 0: writes its own chunks, then those of the others, rank by rank.
/// \param message_bytes  The most that a message of another rank can take.
/// \returns What failed here.
std::exception_ptr take_all(const Communicator& comm, Packing& own, std::size_t message_bytes,
                            const std::stop_token& stop,
                            const std::function<void(const PlacedChunk&)>& write) {
  std::exception_ptr failure;
  // Before anything is asked for: a rank that sends waits until it is received.
  std::vector<std::byte> message;
  attempt(failure, [&] { message.reserve(message_bytes); });
  const auto write_parcel = [&](const Parcel& parcel) {
    throw_if_stopped(stop);
    std::for_each(parcel.begin(), parcel.end(), write);
  };
  attempt(failure, [&] {
    throw_if_stopped(stop);
    while (!own.all_taken()) write_parcel(own.take());
  });
  std::int64_t length = nothing_left;
  for (int rank = 1; rank < comm.size(); ++rank) {
    while (!failure && length != has_failed) {
      comm.send(next_parcel, rank, request_tag);
      length = comm.receive(rank, length_tag);
      if (length <= nothing_left) break;
      message.resize(to_size(length));
      comm.receive_bytes(message, rank, parcel_tag);
      attempt(failure, [&] { write_parcel(parcel_of(message)); });
    }
    comm.send(that_was_all, rank, request_tag);
  }
  return failure;
}

}  // namespace

void write_in_order(const Communicator& comm, const ChunkShare& share, const PackingLimits& limits,
                    const std::function<void(const PlacedChunk&)>& write, const std::stop_token& stop) {
  Packing packing(share, limits);
  const auto message_bytes =
      to_size(comm.max(limits.parcel * narrow<std::int64_t>(share.most_bytes + sizeof(Header))));
  const std::exception_ptr failure =
      comm.is_root() ? take_all(comm, packing, message_bytes, stop, write) : give(comm, packing, stop);
  all_or_throw(comm, [&] {
    if (failure) std::rethrow_exception(failure);
  });
}

}  // namespace cleft
