#pragma once

#include "parallel/communicator.hpp"

namespace cleft {

/// Parses the command line, runs what it asks for and reports every error as one line from one rank.
/// Collective over `comm`, which is the whole job: an error that the ranks did not agree on ends the job
/// through Session::abort.
///
/// \returns  The exit code, the same on every rank: 0 done, 1 the user's input, 2 I/O or resources, 3 a bug
/// in cleft.
int run_cli(const Communicator& comm, int argc, const char* const* argv);

}  // namespace cleft
