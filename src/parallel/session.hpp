#pragma once

namespace cleft {

/// Initialises MPI on construction and finalizes it on destruction. The destructor never finalizes while an
/// exception unwinds: other ranks may be waiting in a collective call, and MPI_Finalize would then wait for
/// them for ever. It aborts the job instead, after saying so. MPI is asked for MPI_THREAD_FUNNELED: the
/// constructing thread makes every MPI call.
class Session {
 public:
  /// \throws InternalError when MPI cannot be initialised.
  Session(int& argc, char**& argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Ends all ranks of the job at once with this exit code. Not collective; for errors that were not agreed
  /// on.
  [[noreturn]] static void abort(int exit_code);

 private:
  int exceptions_at_start_;
};

}  // namespace cleft
