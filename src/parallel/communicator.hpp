#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace cleft {

/// The one wrapper around MPI. Every call checks MPI's return code (a failure throws InternalError) and takes
/// sizes of any length: transfers over 2^31 elements are cut into pieces. Unless a comment says otherwise,
/// each function is collective: every rank calls it, in the same order. Only one thread of a rank may use it.
class Communicator {
 public:
  static constexpr std::size_t default_piece_bytes = std::size_t{1} << 30U;

  /// All ranks of the job.
  /// \param piece_bytes  Longer transfers are cut into pieces of so many bytes, since MPI counts in int: a
  ///                     multiple of 8 below 2^31, the same on every rank.
  /// \pre A Session exists.
  static Communicator world(std::size_t piece_bytes = default_piece_bytes);
  /// This rank alone.
  /// \pre A Session exists.
  static Communicator self();

  int rank() const;
  int size() const;
  bool is_root() const { return rank() == 0; }

  void barrier() const;

  /// `root`'s value, on every rank.
  template <class T>
  T broadcast(T value, int root = 0) const;
  /// `root`'s vector, on every rank; the others' content and length are ignored.
  template <class T>
  std::vector<T> broadcast(std::vector<T> values, int root = 0) const;
  std::string broadcast(std::string text, int root = 0) const;

  /// Over the ranks. T: int, std::int64_t, std::uint64_t or double. Sums of double depend on the rank count:
  /// never use them for results.
  template <class T>
  T sum(T value) const;
  template <class T>
  T min(T value) const;
  template <class T>
  T max(T value) const;
  /// Elementwise, in place.
  /// \pre The same length on every rank.
  template <class T>
  void sum(std::span<T> values) const;
  /// The sum over all lower ranks; 0 on rank 0.
  std::int64_t sum_of_lower_ranks(std::int64_t value) const;

  /// One value from each rank, in rank order, on every rank.
  template <class T>
  std::vector<T> all_gather(const T& value) const;
  /// All ranks' values in rank order, on `root`; empty elsewhere. Lengths may differ.
  template <class T>
  std::vector<T> gather(std::span<const T> values, int root = 0) const;

  /// Sends `to[r]` to rank r and returns what each rank sent here: result[r] came from rank r. One aggregated
  /// message per pair of ranks that have something to say.
  /// \pre to.size() == size(); lengths may differ and be 0.
  template <class T>
  std::vector<std::vector<T>> exchange(const std::vector<std::vector<T>>& to) const;

  /// Point to point, not collective: used by work_queue only.
  void send(std::int64_t value, int to, int tag) const;
  std::int64_t receive(int from, int tag) const;
  /// The rank of a sender whose message with this tag is waiting, or -1. Does not block.
  int waiting_sender(int tag) const;

  struct Native;
  /// For parallel/native.hpp only.
  const Native& native() const { return *native_; }

 private:
  explicit Communicator(std::shared_ptr<const Native> native) : native_(std::move(native)) {}

  enum class Number { int32, int64, uint64, float64 };
  enum class Reduction { sum, min, max };
  template <class T>
  static constexpr Number number_of();
  void broadcast_bytes(std::span<std::byte> bytes, int root) const;
  void reduce(void* values, std::size_t count, Number number, Reduction reduction) const;
  std::vector<std::byte> all_gather_bytes(std::span<const std::byte> mine) const;
  std::vector<std::byte> gather_bytes(std::span<const std::byte> mine, int root) const;
  std::vector<std::vector<std::byte>> exchange_bytes(const std::vector<std::span<const std::byte>>& to) const;

  std::shared_ptr<const Native> native_;
};

}  // namespace cleft

#include "parallel/communicator_impl.hpp"  // IWYU pragma: export
