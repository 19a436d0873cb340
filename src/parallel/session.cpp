#include "parallel/session.hpp"

#include <cstdio>
#include <exception>

#include <mpi.h>

#include "base/error.hpp"
#include "parallel/native_communicator.hpp"

namespace cleft {

Session::Session(int& argc, char**& argv) : exceptions_at_start_(std::uncaught_exceptions()) {
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  if (provided < MPI_THREAD_FUNNELED)
    throw InternalError("this MPI library cannot be used by a program with threads");
  // By default MPI ends the program at an error; now it returns a code, which check_mpi turns into an
  // exception.
  check_mpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

Session::~Session() {
  if (std::uncaught_exceptions() > exceptions_at_start_) {
    std::fputs("cleft: an exception left the MPI session; ending all ranks\n", stderr);
    abort(3);
  }
  MPI_Finalize();
}

void Session::abort(int exit_code) {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::terminate();  // MPI_Abort does not return; the compiler cannot know
}

}  // namespace cleft
