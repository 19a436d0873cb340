#pragma once

#include <cstddef>
#include <string_view>

#include <mpi.h>

namespace cleft {

/// MPI's side of a Communicator, which hides it from the rest of the program. Only parallel/ and
/// io/distributed/h5_parallel include this header, since only they may call MPI.
struct NativeCommunicator {
  MPI_Comm handle;
  int rank;
  int size;
  std::size_t part_bytes;  ///< length of a transfer part
};

/// Turns a failure of MPI into an exception.
/// \param code  What the MPI function returned.
/// \param call  The function's name.
/// \throws      InternalError with MPI's own message when `code` is not MPI_SUCCESS.
void check_mpi(int code, std::string_view call);

}  // namespace cleft
