#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <mpi.h>

#include "parallel/communicator.hpp"

namespace cleft {

/// What a Communicator hides from the rest of the program. Only parallel/ and io/distributed/h5_parallel
/// include this header, since only they may call MPI.
struct Communicator::Native {
  MPI_Comm handle;
  int rank;
  int size;
  std::size_t part_bytes;
};

/// The communicator as MPI knows it.
inline MPI_Comm native(const Communicator& comm) {
  return comm.native().handle;
}

/// Turns a failure of MPI into an exception.
/// \param code  What the MPI function returned.
/// \param call  The function's name.
/// \throws      InternalError with MPI's own message when `code` is not MPI_SUCCESS.
void check_mpi(int code, std::string_view call);

}  // namespace cleft
