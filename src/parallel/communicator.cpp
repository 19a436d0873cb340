#include "parallel/communicator.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "parallel/native_communicator.hpp"

namespace cleft {
namespace {

// exchange_bytes is the only point-to-point traffic beside that of work_queue.cpp and write_in_order.cpp,
// whose tags differ from this one.
constexpr int exchange_tag = 1;

MPI_Comm duplicate(MPI_Comm original) {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(original, &copy), "MPI_Comm_dup");
  check_mpi(MPI_Comm_set_errhandler(copy, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  return copy;
}

// The duplicate keeps cleft's messages apart from those of libraries (HDF5) on the same ranks. It lives as
// long as the process: freeing it would be a collective call in a destructor.
std::shared_ptr<const NativeCommunicator> make_native(MPI_Comm original, std::size_t part_bytes) {
  NativeCommunicator native{duplicate(original), 0, 0, part_bytes};
  check_mpi(MPI_Comm_rank(native.handle, &native.rank), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(native.handle, &native.size), "MPI_Comm_size");
  return std::make_shared<const NativeCommunicator>(native);
}

/// Calls `transfer(first byte, byte count)` for each transfer part: consecutive, none longer than MPI can
/// count.
template <class Transfer>
void in_parts(std::size_t bytes, std::size_t part_bytes, const Transfer& transfer) {
  for (std::size_t begin = 0; begin < bytes; begin += part_bytes)
    transfer(begin, narrow<int>(std::min(part_bytes, bytes - begin)));
}

}  // namespace

Communicator Communicator::world(std::size_t part_bytes) {
  if (part_bytes == 0 || part_bytes % sizeof(std::int64_t) != 0 ||
      part_bytes > std::size_t{std::numeric_limits<int>::max()})
    throw InternalError("MPI cannot transfer parts of " + std::to_string(part_bytes) + " bytes");
  return Communicator(make_native(MPI_COMM_WORLD, part_bytes));
}
Communicator Communicator::self() {
  return Communicator(make_native(MPI_COMM_SELF, default_part_bytes));
}

int Communicator::rank() const {
  return native_->rank;
}
int Communicator::size() const {
  return native_->size;
}

void Communicator::barrier() const {
  check_mpi(MPI_Barrier(native_->handle), "MPI_Barrier");
}

std::int64_t Communicator::sum_of_lower_ranks(std::int64_t value) const {
  std::int64_t sum = 0;
  check_mpi(MPI_Exscan(&value, &sum, 1, MPI_INT64_T, MPI_SUM, native_->handle), "MPI_Exscan");
  return rank() == 0 ? 0 : sum;  // MPI leaves rank 0's result undefined
}

void Communicator::broadcast_bytes(std::span<std::byte> bytes, int root) const {
  in_parts(bytes.size(), native_->part_bytes, [&](std::size_t begin, int count) {
    check_mpi(MPI_Bcast(bytes.data() + begin, count, MPI_BYTE, root, native_->handle), "MPI_Bcast");
  });
}

void Communicator::reduce(void* values, std::size_t count, Number number, Reduction reduction) const {
  MPI_Datatype type = number == Number::int32    ? MPI_INT
                      : number == Number::int64  ? MPI_INT64_T
                      : number == Number::uint64 ? MPI_UINT64_T
                                                 : MPI_DOUBLE;
  const std::size_t width = number == Number::int32 ? sizeof(int) : sizeof(std::int64_t);
  MPI_Op op = reduction == Reduction::sum ? MPI_SUM : reduction == Reduction::min ? MPI_MIN : MPI_MAX;
  in_parts(count * width, native_->part_bytes, [&](std::size_t begin, int bytes) {
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, static_cast<std::byte*>(values) + begin, bytes / narrow<int>(width),
                            type, op, native_->handle),
              "MPI_Allreduce");
  });
}

std::vector<std::byte> Communicator::all_gather_bytes(std::span<const std::byte> mine) const {
  std::vector<std::byte> all(mine.size() * to_size(size()));
  const int count = narrow<int>(mine.size());  // bytes of one value: all_gather checks that they fit in int
  check_mpi(MPI_Allgather(mine.data(), count, MPI_BYTE, all.data(), count, MPI_BYTE, native_->handle),
            "MPI_Allgather");
  return all;
}

std::vector<std::byte> Communicator::gather_bytes(std::span<const std::byte> mine, int root) const {
  std::vector<std::span<const std::byte>> to(to_size(size()));
  to[to_size(root)] = mine;
  const auto received = exchange_bytes(to);
  std::vector<std::byte> all;
  for (const auto& part : received) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<std::vector<std::byte>> Communicator::exchange_bytes(
    const std::vector<std::span<const std::byte>>& to) const {
  if (to.size() != to_size(size())) throw InternalError("exchange needs one message per rank");
  std::vector<std::uint64_t> send_bytes, receive_bytes(to.size());
  for (const auto& message : to) send_bytes.push_back(message.size());
  // NOLINTNEXTLINE(mpi-type-mismatch): the check does not know that uint64_t is unsigned long here
  check_mpi(MPI_Alltoall(send_bytes.data(), 1, MPI_UINT64_T, receive_bytes.data(), 1, MPI_UINT64_T,
                         native_->handle),
            "MPI_Alltoall");

  std::vector<std::vector<std::byte>> received(to.size());
  std::vector<MPI_Request> requests;
  for (std::size_t r = 0; r < to.size(); ++r) {
    received[r].resize(receive_bytes[r]);
    if (narrow<int>(r) == rank()) continue;
    in_parts(received[r].size(), native_->part_bytes, [&](std::size_t begin, int count) {
      check_mpi(MPI_Irecv(received[r].data() + begin, count, MPI_BYTE, narrow<int>(r), exchange_tag,
                          native_->handle, &requests.emplace_back()),
                "MPI_Irecv");
    });
  }
  for (std::size_t r = 0; r < to.size(); ++r) {
    if (narrow<int>(r) == rank()) {
      std::copy(to[r].begin(), to[r].end(), received[r].begin());
      continue;
    }
    in_parts(to[r].size(), native_->part_bytes, [&](std::size_t begin, int count) {
      check_mpi(MPI_Isend(to[r].data() + begin, count, MPI_BYTE, narrow<int>(r), exchange_tag,
                          native_->handle, &requests.emplace_back()),
                "MPI_Isend");
    });
  }
  check_mpi(MPI_Waitall(narrow<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
  return received;
}

void Communicator::send(std::int64_t value, int to, int tag) const {
  check_mpi(MPI_Send(&value, 1, MPI_INT64_T, to, tag, native_->handle), "MPI_Send");
}

std::int64_t Communicator::receive(int from, int tag) const {
  std::int64_t value = 0;
  check_mpi(MPI_Recv(&value, 1, MPI_INT64_T, from, tag, native_->handle, MPI_STATUS_IGNORE), "MPI_Recv");
  return value;
}

void Communicator::send_bytes(std::span<const std::byte> bytes, int to, int tag) const {
  in_parts(bytes.size(), native_->part_bytes, [&](std::size_t begin, int count) {
    check_mpi(MPI_Send(bytes.data() + begin, count, MPI_BYTE, to, tag, native_->handle), "MPI_Send");
  });
}

void Communicator::receive_bytes(std::span<std::byte> bytes, int from, int tag) const {
  in_parts(bytes.size(), native_->part_bytes, [&](std::size_t begin, int count) {
    check_mpi(MPI_Recv(bytes.data() + begin, count, MPI_BYTE, from, tag, native_->handle, MPI_STATUS_IGNORE),
              "MPI_Recv");
  });
}

int Communicator::waiting_sender(int tag) const {
  int waiting = 0;
  MPI_Status status;
  check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, tag, native_->handle, &waiting, &status), "MPI_Iprobe");
  return waiting != 0 ? status.MPI_SOURCE : -1;
}

}  // namespace cleft
