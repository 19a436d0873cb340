#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "parallel/tuning.hpp"

namespace cleft {

struct NativeCommunicator;

/// A group of ranks, and all of MPI that cleft uses. Every function checks MPI's return codes and throws
/// InternalError when a call failed. Transfers may have any length: long ones are cut into parts that MPI can
/// count. Unless a comment says otherwise each function is collective: every rank calls it, in the same
/// order. Only the thread that made the Session may call any of them. A copy is the same group, not a new
/// one.
class Communicator {
 public:
  static constexpr std::size_t default_part_bytes = tuning::transfer_part_bytes;

  /// All ranks of the job.
  /// \param part_bytes  Length of a transfer part: a multiple of 8 below 2^31, the same on every rank.
  /// \pre               A Session exists.
  /// \throws            InternalError when part_bytes is out of range.
  static Communicator world(std::size_t part_bytes = default_part_bytes);
  /// This rank alone: its functions wait for nobody.
  /// \pre A Session exists.
  static Communicator self();

  /// This rank's number, 0 … size() − 1; not collective.
  int rank() const;
  /// How many ranks there are; not collective.
  int size() const;
  /// Whether this is rank 0; not collective.
  bool is_root() const { return rank() == 0; }

  /// Returns once every rank has called it.
  void barrier() const;

  /// `root`'s value, on every rank. T: trivially copyable, as in all templates below.
  template <class T>
  T broadcast(T value, int root = 0) const;
  /// `root`'s vector, on every rank; the others' content and length are ignored.
  template <class T>
  std::vector<T> broadcast(std::vector<T> values, int root = 0) const;
  std::string broadcast(std::string text, int root = 0) const;

  /// Sum, smallest and largest of the ranks' values, on every rank. T: int, std::int64_t, std::uint64_t or
  /// double. Rounding makes sums of double depend on the number of ranks: never use them for results.
  template <class T>
  T sum(T value) const;
  template <class T>
  T min(T value) const;
  template <class T>
  T max(T value) const;
  /// Elementwise sums over the ranks, in place.
  /// \pre The same length on every rank.
  template <class T>
  void sum(std::span<T> values) const;
  /// The sum of the values of all lower ranks; 0 on rank 0.
  std::int64_t sum_of_lower_ranks(std::int64_t value) const;

  /// One value from each rank, in rank order, on every rank.
  template <class T>
  std::vector<T> all_gather(const T& value) const;
  /// All ranks' values in rank order, on `root`; empty elsewhere. Lengths may differ.
  template <class T>
  std::vector<T> gather(std::span<const T> values, int root = 0) const;

  /// Sends `to[r]` to rank r and returns what each rank sent here: result[r] came from rank r. Each rank
  /// sends one message (cut into transfer parts) to each rank for which it has values.
  /// \pre to.size() == size(); lengths may differ and be 0.
  template <class T>
  std::vector<std::vector<T>> exchange(const std::vector<std::vector<T>>& to) const;

  /// Messages between two ranks, for WorkQueue and write_in_order only, each with tags of its own; not
  /// collective. `receive` waits for a message, `send` at most until the other rank receives it. Of bytes the
  /// receiver knows the number beforehand.
  void send(std::int64_t value, int to, int tag) const;
  std::int64_t receive(int from, int tag) const;
  void send_bytes(std::span<const std::byte> bytes, int to, int tag) const;
  void receive_bytes(std::span<std::byte> bytes, int from, int tag) const;
  /// The rank of a sender whose message with this tag is waiting to be received, or -1. Does not wait.
  int waiting_sender(int tag) const;

  /// For those who may call MPI; see parallel/native_communicator.hpp.
  const NativeCommunicator& native() const { return *native_; }

 private:
  explicit Communicator(std::shared_ptr<const NativeCommunicator> native) : native_(std::move(native)) {}

  enum class Number { int32, int64, uint64, float64 };
  enum class Reduction { sum, min, max };
  template <class T>
  static constexpr Number number_of();
  void broadcast_bytes(std::span<std::byte> bytes, int root) const;
  void reduce(void* values, std::size_t count, Number number, Reduction reduction) const;
  std::vector<std::byte> all_gather_bytes(std::span<const std::byte> mine) const;
  std::vector<std::byte> gather_bytes(std::span<const std::byte> mine, int root) const;
  std::vector<std::vector<std::byte>> exchange_bytes(const std::vector<std::span<const std::byte>>& to) const;

  std::shared_ptr<const NativeCommunicator> native_;
};

}  // namespace cleft

#include "parallel/communicator_impl.hpp"  // IWYU pragma: export
