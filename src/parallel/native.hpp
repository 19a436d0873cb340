#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <mpi.h>

#include "parallel/communicator.hpp"

namespace cleft {

/// What a Communicator hides from the rest of the program. For parallel/ and io/h5_parallel only.
struct Communicator::Native {
  MPI_Comm handle;
  int rank;
  int size;
  std::size_t piece_bytes;
};

inline MPI_Comm native(const Communicator& comm) {
  return comm.native().handle;
}

/// \throws InternalError with MPI's own words when `code` is not MPI_SUCCESS.
void check_mpi(int code, std::string_view call);

}  // namespace cleft
