#pragma once

#include "cli/commands.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// Runs a command and reports every error as one line: one that the ranks agreed on from rank 0, after which
/// each rank ends by itself; any other from the rank that has it, which ends the job at once through
/// Session::abort, since other ranks may be waiting for it. Collective over `comm`, which is the whole job.
///
/// \returns The exit code, the same on every rank: 0 done, 1 the user's input, 2 I/O or resources, 3 a bug in
///          cleft, 85 stopped as asked for (base/stopped.hpp): the same command goes on.
int run_action(const Communicator& comm, const Action& action);

/// Parses the command line and runs what it asks for. Each rank parses the same line; rank 0 alone prints
/// help and usage errors. Collective over `comm`, which is the whole job.
/// \returns The exit code, as run_action.
int run_cli(const Communicator& comm, int argc, const char* const* argv);

}  // namespace cleft
