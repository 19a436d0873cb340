#pragma once

namespace cleft {

/// Initialises MPI on construction and finalizes it on destruction. When the destructor runs because an
/// exception unwinds, it does not finalize: other ranks may be waiting in a collective call, and MPI_Finalize
/// would then wait for them for ever. It reports the error and aborts the job instead. MPI is initialised
/// with MPI_THREAD_FUNNELED: only the thread that makes the Session may call MPI. A process makes one
/// Session.
class Session {
 public:
  /// Collective over all processes of the job.
  /// \param argc, argv  Those of main; MPI may take arguments of its own out.
  /// \throws            InternalError when MPI cannot be initialised.
  Session(int& argc, char**& argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Ends all ranks of the job at once with this exit code. Not collective; for errors that the ranks have
  /// not agreed on.
  [[noreturn]] static void abort(int exit_code);

 private:
  int exceptions_at_start_;
};

}  // namespace cleft
